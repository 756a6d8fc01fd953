/** A list of messages: days and authors grouped, only what changed drawn again, arrow keys from message to message. */
import { arrange, h, icon } from "./dom.js";
import { editor } from "./editor.js";
import { drawMessage } from "./message.js";
import { dayKey, dayLabel } from "./times.js";

const TOGETHER = 5 * 60;
const NEAR_BOTTOM = 80;

function follows(message, before, zone) {
  if (!before || before.user !== message.user || before.bot_id !== message.bot_id) return false;
  if (before.ephemeral !== message.ephemeral || before.local !== message.local) return false;
  if (before.subtype || message.subtype || dayKey(before.ts, zone) !== dayKey(message.ts, zone)) return false;
  return Number(message.ts) - Number(before.ts) < TOGETHER;
}

const STOPS = "a[href], button, select, input, textarea, summary, [tabindex]";

/** Lets the Tab key into a message, or keeps it out: a channel is one stop with arrows, not hundreds of links. */
function letIn(message, open) {
  for (const node of message.querySelectorAll(open ? "[data-stop]" : STOPS)) {
    if (open) {
      node.tabIndex = 0;
      delete node.dataset.stop;
    } else if (node.tabIndex >= 0) {
      node.tabIndex = -1;
      node.dataset.stop = "";
    }
  }
}

export class Feed {
  /** `place` is what drawMessage needs, without startEdit. */
  constructor(place, label) {
    this.place = { ...place, startEdit: (message) => this.edit(message) };
    this.store = place.store;
    this.drawn = new Map();
    this.editing = null;
    this.newSince = null;
    this.list = h("ol", { class: "feed-list", "aria-label": label });
    this.jump = h("button", { type: "button", class: "jump", hidden: true, on: { click: () => this.toBottom(true) } }, icon("down"), "New messages");
    this.scroller = h("div", { class: "feed" }, this.list);
    this.node = h("div", { class: "feed-frame" }, this.scroller, this.jump);
    this.list.addEventListener("keydown", (event) => this.onKey(event));
    this.list.addEventListener("focusin", (event) => this.onFocus(event));
    this.scroller.addEventListener("scroll", () => this.atBottom() && (this.jump.hidden = true), { passive: true });
    // A picture that loads or a window that shrinks must not hide the newest message.
    this.stick = true;
    this.scroller.addEventListener("scroll", () => (this.stick = this.atBottom()), { passive: true });
    const keepUp = new ResizeObserver(() => this.stick && this.toBottom());
    for (const node of [this.scroller, this.list]) keepUp.observe(node);
  }

  reset() {
    this.drawn.clear();
    this.editing = null;
    this.list.replaceChildren();
    this.jump.hidden = true;
    this.stick = true;
  }

  atBottom() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight < NEAR_BOTTOM;
  }

  toBottom(focusLast = false) {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.jump.hidden = true;
    this.stick = true;
    if (focusLast) this.list.lastElementChild?.focus({ preventScroll: true });
  }

  /** Draws messages in order; `intro` is [sign, make] of what stands above them, `divider` is the ts of the first unread one, `empty` what stands there when there are none. */
  show(messages, { divider = null, empty = null, rootLine = "", intro = null } = {}) {
    const wasBottom = this.stick;
    const known = this.drawn.size;
    const zone = this.store.zone();
    const nodes = [];
    const kept = new Map();
    let before = null;
    if (intro) nodes.push(this.entry(kept, "intro", ...intro));
    for (const message of messages) {
      const day = dayKey(message.ts, zone);
      if (!before || dayKey(before.ts, zone) !== day) nodes.push(this.entry(kept, `day ${day}`, "", () => this.dayLine(message, zone)));
      if (divider === message.ts) nodes.push(this.entry(kept, "new", divider, () => h("li", { class: "new-line" }, h("span", {}, "New"))));
      const close = divider !== message.ts && follows(message, before, zone);
      nodes.push(this.messageNode(kept, message, close));
      before = message;
      if (rootLine && message === messages[0]) {
        nodes.push(this.entry(kept, "root", rootLine, () => h("li", { class: "root-line" }, h("span", {}, rootLine))));
        before = { ...message, user: "" };
      }
    }
    if (!messages.length && empty) nodes.push(empty);
    const grew = kept.size > known && known > 0;
    this.swap(kept, nodes);
    if (wasBottom) this.toBottom();
    else if (grew) this.jump.hidden = false;
    if (!this.list.contains(document.activeElement)) this.makeStop(this.messages().at(-1));
  }

  messages() {
    return [...this.list.querySelectorAll(".message")];
  }

  /** The one message the Tab key goes to: the newest, or where the person went with arrows or a press. */
  makeStop(message) {
    for (const other of this.list.querySelectorAll('.message[tabindex="0"]')) {
      if (other === message) return;
      other.tabIndex = -1;
      letIn(other, false);
    }
    if (!message) return;
    message.tabIndex = 0;
    letIn(message, true);
  }

  /** Puts the new nodes in, and the focus back where it was when its node was drawn again. */
  swap(kept, nodes) {
    const active = this.list.contains(document.activeElement) ? document.activeElement : null;
    const ts = active?.closest(".message")?.dataset.ts;
    const key = active?.dataset.focus;
    const index = this.messages().findIndex((one) => one.contains(active));
    this.drawn = kept;
    arrange(this.list, nodes);
    if (!active || active.isConnected || !ts) return;
    const again = this.list.querySelector(`.message[data-ts="${CSS.escape(ts)}"]`);
    const near = again ?? this.messages()[index] ?? this.messages().at(-1);
    ((key && again?.querySelector(`[data-focus="${CSS.escape(key)}"]`)) || near)?.focus({ preventScroll: true });
  }

  entry(kept, key, sign, make) {
    const old = this.drawn.get(key);
    const made = old && old.sign === sign ? old : { sign, node: make() };
    kept.set(key, made);
    return made.node;
  }

  messageNode(kept, message, close) {
    const editing = this.editing === message.ts;
    const sign = JSON.stringify([message, close, editing, this.store.me, this.place.inThread]);
    return this.entry(kept, message.ts, sign, () => {
      const node = drawMessage(message, close, this.place);
      if (editing) this.replaceByEditor(node, message);
      else letIn(node, false);
      return node;
    });
  }

  replaceByEditor(node, message) {
    const done = () => {
      this.editing = null;
      this.store.tell("messages", message.channel);
      this.list.querySelector(`.message[data-ts="${CSS.escape(message.ts)}"]`)?.focus();
    };
    node.querySelector(".content")?.replaceWith(editor(message, this.place.actions, this.store, done));
    node.querySelector(".tools")?.remove();
  }

  edit(message) {
    this.editing = message.ts;
    this.store.tell("messages", message.channel);
    const field = this.list.querySelector(".editor textarea");
    field?.focus();
    field?.setSelectionRange(field.value.length, field.value.length);
  }

  dayLine(message, zone) {
    return h("li", { class: "day" }, h("span", {}, dayLabel(message.ts, zone)));
  }

  onFocus(event) {
    const message = event.target.closest(".message");
    if (message) this.makeStop(message);
  }

  onKey(event) {
    if (!event.target.matches(".message") || event.altKey || event.ctrlKey || event.metaKey) return;
    const all = this.messages();
    const at = all.indexOf(event.target);
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: all.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      all[Math.max(0, Math.min(all.length - 1, to))]?.focus();
    } else if (event.key === "Enter" && !this.place.inThread) {
      const message = this.store.in(this.store.place.channel).get(event.target.dataset.ts);
      if (message && !message.ephemeral) this.place.openThread(message);
    }
  }
}
