/** Forms that the app opens: fields with labels, hints and errors, sent or closed; the newest of a stack is shown. */
import { drawBlocks } from "./blocks/index.js";
import { plainWords } from "./blocks/words.js";
import { giveBack, h, iconButton, refill } from "./dom.js";
import { errorWords } from "./errors.js";

const REQUIRED = "Please fill this in.";
const PATIENCE = 2500;

class Form {
  constructor(view, store, actions, close) {
    Object.assign(this, { view, store, actions });
    this.fields = new Map();
    this.close = close;
    this.error = h("p", { class: "trouble", role: "alert" });
    this.node = this.build();
  }

  build() {
    const { view, store } = this;
    const words = (text, otherwise) => plainWords(text, store.names) || otherwise;
    const context = {
      names: store.names,
      register: (block, element, made) => this.fields.set(block.block_id, { block, element, made }),
      press: (block, element, payload) =>
        block.type === "input" && !block.dispatch_action
          ? Promise.resolve({ ok: true })
          : this.actions.pressInView(view, block, element, payload),
    };
    const submit = view.submit || [...(view.blocks ?? [])].some((block) => block.type === "input");
    this.button = h("button", { type: "submit", class: "button button-primary" }, words(view.submit, "Submit"));
    return h(
      "form",
      { class: "modal-form", novalidate: true, on: { submit: (event) => (event.preventDefault(), this.submit()) } },
      h("header", { class: "dialog-head" }, h("h2", { id: "modal-title" }, words(view.title, "Form")), iconButton("close", "Close", () => this.close(view))),
      h("div", { class: "modal-body" }, drawBlocks(view.blocks, context), this.error),
      h(
        "footer",
        { class: "dialog-buttons" },
        h("button", { type: "button", class: "button", on: { click: () => this.close(view) } }, words(view.close, "Cancel")),
        submit ? this.button : null,
      ),
    );
  }

  values() {
    const values = {};
    for (const [id, { element, made }] of this.fields) values[id] = { [element.action_id]: made.read() };
    return values;
  }

  /** Puts an error under each field it belongs to and goes to the first. */
  showErrors(errors) {
    let first = null;
    for (const [id, { made }] of this.fields) {
      if (!made.error) continue;
      made.error.textContent = errors[id] ?? "";
      made.node.toggleAttribute("data-wrong", Boolean(errors[id]));
      if (errors[id]) made.node.setAttribute("aria-invalid", "true");
      else made.node.removeAttribute("aria-invalid");
      if (errors[id]) first ??= made.node;
    }
    (first?.matches("div") ? first.querySelector("input") : first)?.focus();
  }

  async submit() {
    const missing = {};
    for (const [id, { block, made }] of this.fields) {
      if (block.type !== "input") continue;
      if (!block.optional && made.isEmpty()) missing[id] = REQUIRED;
      else if (made.node.validity && !made.node.validity.valid) missing[id] = made.node.validationMessage;
    }
    this.showErrors(missing);
    if (Object.keys(missing).length) return;
    this.button.disabled = true;
    this.button.classList.add("pending");
    this.error.textContent = "";
    const answer = await this.actions.submit(this.view, this.values());
    this.button.disabled = false;
    this.button.classList.remove("pending");
    const errors = answer.errors ?? {};
    if (Object.keys(errors).length) this.showErrors(errors);
    else if (!answer.ok) this.error.textContent = errorWords(answer.error);
    else setTimeout(() => this.closeIfForgotten(), PATIENCE);
  }

  /** The server says when a form goes; if its word was lost, the form that was sent must not stay. */
  closeIfForgotten() {
    const still = this.store.views.find((one) => one.id === this.view.id);
    if (!still || still.hash !== this.view.hash || !this.node.isConnected) return;
    this.store.views = this.store.views.filter((one) => one.id !== this.view.id);
    this.store.tell("views");
  }
}

/** Keeps one dialog open while the app has views open for this person. */
export function mountModals(store, actions) {
  let shown = null;
  let before = null;
  const dialog = h("dialog", { class: "dialog dialog-form", "aria-labelledby": "modal-title" });
  document.body.append(dialog);
  const close = (view) => {
    store.views = store.views.filter((one) => one.id !== view.id);
    store.tell("views");
    actions.closeView(view);
  };
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    if (shown) close(shown);
  });
  store.on("views", () => {
    const view = store.views.at(-1) ?? null;
    if (shown === view) return;
    shown = view;
    if (!view) {
      dialog.close();
      refill(dialog);
      giveBack(before);
      before = null;
      return;
    }
    if (!dialog.open) before = document.activeElement;
    refill(dialog, new Form(view, store, actions, close).node);
    if (!dialog.open) dialog.showModal();
    dialog.querySelector(".modal-body :is(input, textarea, select, button)")?.focus();
  });
}
