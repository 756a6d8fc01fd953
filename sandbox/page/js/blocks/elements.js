/** Draws what can be pressed or chosen inside a block, and carries each press through asking, waiting and failing. */
import { h, safeHref, iconButton } from "../dom.js";
import { confirmDialog } from "../dialog.js";
import { errorWords } from "../errors.js";
import { control } from "./controls.js";
import { picture, plainWords, textNodes } from "./words.js";

/** Says below a control's block what went wrong; an earlier word about it is replaced. */
function trouble(node, words) {
  const place = node.closest(".block") ?? node.parentElement;
  place?.querySelector(":scope > .trouble")?.remove();
  if (words && place) place.append(h("p", { class: "trouble", role: "alert" }, words));
}

/** Asks first when the element says so, shows that it is under way, and says so when the app did not answer. */
async function press(node, element, block, context, payload) {
  if (!context.press) return;
  if (element.confirm && !(await confirmDialog(element.confirm, context.names))) return;
  trouble(node, "");
  node.setAttribute("aria-busy", "true");
  node.classList.add("pending");
  const answer = await context.press(block, element, payload);
  node.removeAttribute("aria-busy");
  node.classList.remove("pending");
  if (!answer?.ok && node.isConnected) trouble(node, errorWords(answer?.error));
}

function button(element, block, context) {
  const label = textNodes(element.text, context.names);
  const look = ["primary", "danger"].includes(element.style) ? ` button-${element.style}` : "";
  const name = element.accessibility_label;
  const data = { focus: `${block.block_id}/${element.action_id}` };
  const props = { class: `button${look}`, "aria-label": name, data, title: plainWords(element.text, context.names) };
  const act = () => press(node, element, block, context, element.value === undefined ? {} : { value: element.value });
  const href = element.url && safeHref(element.url);
  const node = href
    ? h("a", { ...props, href, target: "_blank", rel: "noopener noreferrer", on: { click: act } }, label)
    : h("button", { ...props, type: "button", on: { click: () => node.getAttribute("aria-busy") || act() } }, label);
  if (href) node.append(h("span", { class: "leaves", "aria-hidden": "true" }, "↗"));
  return node;
}

function overflow(element, block, context) {
  const menu = h("div", { class: "overflow-menu", role: "menu", hidden: true });
  const show = (open) => {
    menu.hidden = !open;
    toggle.setAttribute("aria-expanded", String(open));
    if (open) menu.firstElementChild?.focus();
  };
  const toggle = iconButton("more", "More actions", () => show(menu.hidden), { "aria-haspopup": "menu", "aria-expanded": "false" });
  const node = h("div", { class: "overflow" }, toggle, menu);
  for (const option of element.options ?? []) {
    const choose = () => {
      show(false);
      toggle.focus();
      press(node, element, block, context, { selected_option: option });
    };
    menu.append(h("button", { type: "button", class: "menu-item", role: "menuitem", on: { click: choose } }, textNodes(option.text, context.names)));
  }
  node.addEventListener("focusout", (event) => !node.contains(event.relatedTarget) && show(false));
  node.addEventListener("keydown", (event) => onMenuKey(event, menu, () => (show(false), toggle.focus())));
  return node;
}

function onMenuKey(event, menu, close) {
  if (menu.hidden) return;
  const all = [...menu.children];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape") close();
  else if (step) all[(all.indexOf(document.activeElement) + step + all.length) % all.length]?.focus();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function chooser(element, block, context) {
  const made = control(element, context.names);
  if (!made) return null;
  context.register?.(block, element, made);
  const label = element.placeholder ? plainWords(element.placeholder, context.names) : element.type.replace(/_/g, " ");
  made.node.setAttribute("aria-label", label);
  made.node.dataset.focus = `${block.block_id}/${element.action_id}`;
  made.node.addEventListener("change", () => press(made.node, element, block, context, made.read()));
  return made.node;
}

/** One interactive element (or picture) of a section or actions block. */
export function element(item, block, context) {
  if (item.type === "button" || item.type === "workflow_button") return button(item, block, context);
  if (item.type === "image") return picture(item, "accessory-picture");
  if (item.type === "overflow") return overflow(item, block, context);
  return chooser(item, block, context) ?? h("code", { class: "unknown-element" }, item.type);
}

/** A row of elements. */
export function actions(block, context) {
  return h("div", { class: "actions" }, (block.elements ?? []).map((item) => element(item, block, context)));
}

/** A labelled control of a form, with its hint; its error is put in by the form. */
export function input(block, context) {
  const made = control(block.element ?? {}, context.names);
  if (!made) return h("code", { class: "unknown-element" }, block.element?.type ?? "input");
  const id = `field-${block.block_id}`;
  const optional = block.optional && h("span", { class: "optional" }, "optional");
  made.node.id = id;
  const hint = block.hint && h("p", { class: "hint", id: `${id}-hint` }, textNodes(block.hint, context.names));
  const error = h("p", { class: "field-error", id: `${id}-error`, role: "alert" });
  made.node.setAttribute("aria-describedby", `${id}-error${hint ? ` ${id}-hint` : ""}`);
  const grouped = made.node.matches("div");
  const label = h(grouped ? "span" : "label", { class: "label", id: `${id}-label`, for: grouped ? null : id });
  label.append(...textNodes(block.label, context.names), ...(optional ? [" ", optional] : []));
  if (grouped) made.node.setAttribute("aria-labelledby", `${id}-label`);
  context.register?.(block, block.element, { ...made, error });
  return h("div", { class: "input" }, label, made.node, error, hint);
}
