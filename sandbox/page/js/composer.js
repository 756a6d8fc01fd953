/** The message box: completes commands and names, sends on Enter, recalls what was sent, and keeps drafts per place. */
import { complete, commandWords } from "./completion.js";
import { freshId, h, iconButton, refill } from "./dom.js";

const KEPT = 50;

/** What a person sent lately, newest last; kept while the browser's tab lives. */
export class History {
  constructor() {
    this.key = "rundown-sandbox-sent";
    try {
      this.sent = JSON.parse(sessionStorage.getItem(this.key)) ?? [];
    } catch {
      this.sent = [];
    }
  }

  add(text) {
    this.sent = [...this.sent.filter((one) => one !== text), text].slice(-KEPT);
    sessionStorage.setItem(this.key, JSON.stringify(this.sent));
  }
}

export class Composer {
  /** `send(text)` answers {ok, error?}; `inThread` has no slash commands, as in Slack. */
  constructor({ store, history, send, inThread = false }) {
    Object.assign(this, { store, history, send, inThread });
    this.drafts = new Map();
    this.key = "";
    this.found = null;
    this.picked = -1;
    this.recalled = -1;
    this.waiting = 0;
    this.build();
  }

  build() {
    const listId = freshId("completions");
    this.listId = listId;
    this.popup = h("ul", { class: "completions", role: "listbox", id: listId, hidden: true, "aria-label": "Suggestions" });
    this.field = h("textarea", {
      class: "composer-text",
      rows: "1",
      "aria-autocomplete": "list",
      "aria-haspopup": "listbox",
      "aria-controls": listId,
      autocomplete: "off",
      spellcheck: "true",
      on: {
        input: () => this.onInput(),
        keydown: (event) => this.onKey(event),
        blur: () => setTimeout(() => this.hide(), 150),
        click: () => this.suggest(),
      },
    });
    this.usage = h("p", { class: "usage", "aria-live": "polite" });
    this.progress = h("p", { class: "progress", role: "status" });
    this.button = iconButton("send", "Send", () => this.submit(), { class: "send" });
    const slash = h("button", { type: "button", class: "icon-button slash", title: "Write a command", "aria-label": "Write a command", on: { click: () => this.start("/") } }, "/");
    const tips = this.inThread
      ? "Enter sends · @ names somebody"
      : ["Enter sends · / shows commands", h("span", { class: "tip-more" }, " · Shift+Enter starts a line · ↑ brings back the last")];
    this.node = h(
      "form",
      { class: "composer", on: { submit: (event) => (event.preventDefault(), this.submit()) } },
      this.popup,
      this.progress,
      h("div", { class: "composer-box" }, this.inThread ? null : slash, this.field, this.button),
      this.usage,
      h("p", { class: "tips" }, tips),
    );
  }

  /** Shows the draft of a place; `label` names it. */
  at(key, label) {
    if (this.key) this.drafts.set(this.key, this.field.value);
    const changed = this.key !== key;
    this.key = key;
    this.field.placeholder = label;
    this.field.setAttribute("aria-label", label);
    if (changed) {
      this.field.value = this.drafts.get(key) ?? "";
      this.onInput(false);
    }
  }

  /** Puts a text in and the caret behind it. */
  start(text) {
    this.field.value = text;
    this.field.focus();
    this.field.setSelectionRange(text.length, text.length);
    this.onInput();
  }

  onInput(suggest = true) {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, 220)}px`;
    this.button.disabled = !this.field.value.trim();
    this.showUsage();
    if (suggest) this.suggest();
    else this.hide();
  }

  showUsage() {
    const text = this.field.value;
    if (this.inThread) {
      const slash = text.startsWith("/");
      refill(this.usage, slash ? `Slash commands do not work in threads. Write @${this.store.bot.name || "rundown"} and the words instead.` : "");
      return;
    }
    const [, name, word] = text.match(/^(\/\S+)\s+(\S+)/) ?? [];
    const command = this.store.commands.find((one) => one.command === name);
    const usage = command && commandWords(command.usage_hint).find((one) => one.word === word);
    refill(this.usage, usage ? h("code", {}, `${name} ${usage.word} ${usage.rest}`.trim()) : "");
  }

  suggest() {
    const before = this.field.value.slice(0, this.field.selectionStart);
    const { commands, users, channels } = this.store;
    const named = [...channels.values()].filter((one) => !one.is_im);
    const people = [...users.values()].filter((user) => user.id !== "USLACKBOT");
    this.found = complete(before, { commands, users: people, channels: named, inThread: this.inThread });
    if (!this.found?.entries.length) return this.hide();
    this.picked = this.found.eager ? 0 : -1;
    this.drawPopup();
  }

  drawPopup() {
    const { entries, title } = this.found;
    const rows = entries.map((entry, index) =>
      h(
        "li",
        {
          role: "option",
          id: `${this.listId}-${index}`,
          class: "completion",
          "aria-selected": String(index === this.picked),
          on: { pointerdown: (event) => (event.preventDefault(), this.take(index)) },
        },
        h("b", {}, entry.label),
        entry.detail ? h("span", { class: "completion-detail" }, entry.detail) : null,
      ),
    );
    refill(this.popup, h("li", { class: "completions-title", role: "presentation" }, title, h("kbd", {}, "Tab")), rows);
    this.popup.hidden = false;
    this.mark();
  }

  mark() {
    const rows = [...this.popup.querySelectorAll(".completion")];
    rows.forEach((row, index) => row.setAttribute("aria-selected", String(index === this.picked)));
    const row = rows[this.picked];
    if (row) this.field.setAttribute("aria-activedescendant", row.id);
    else this.field.removeAttribute("aria-activedescendant");
    row?.scrollIntoView({ block: "nearest" });
  }

  hide() {
    this.popup.hidden = true;
    this.found = null;
    this.field.removeAttribute("aria-activedescendant");
  }

  take(index) {
    const entry = this.found?.entries[index];
    if (!entry) return;
    this.field.setRangeText(entry.insert, this.found.from, this.field.selectionStart, "end");
    this.onInput();
  }

  onKey(event) {
    if (event.isComposing) return;
    if (this.found && this.onPopupKey(event)) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    if (event.key === "Enter" && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      this.submit();
    } else if (event.key === "ArrowUp" && this.canRecall()) {
      event.preventDefault();
      this.recall(1);
    } else if (event.key === "ArrowDown" && this.recalled >= 0) {
      event.preventDefault();
      this.recall(-1);
    }
  }

  /** True when the key was for the suggestions. */
  onPopupKey(event) {
    const { entries, eager } = this.found;
    const recalling = event.key === "ArrowUp" && this.picked < 0 && this.canRecall();
    if (event.key === "Escape") this.hide();
    else if (event.key === "ArrowDown") this.move(1);
    else if (event.key === "ArrowUp" && !recalling) this.move(-1);
    else if (event.key === "Tab" && !event.shiftKey) this.take(Math.max(0, this.picked));
    else if (event.key === "Enter" && !event.shiftKey && this.picked >= 0) {
      const typed = this.field.value.slice(this.found.from, this.field.selectionStart);
      if (eager && entries[this.picked].whole === typed) return false;
      this.take(this.picked);
    } else return false;
    return true;
  }

  move(by) {
    const count = this.found.entries.length;
    this.picked = (this.picked + by + count) % count;
    this.mark();
  }

  canRecall() {
    const { value } = this.field;
    return this.history.sent.length > 0 && (value === "" || (this.recalled >= 0 && value === this.history.sent.at(-1 - this.recalled)));
  }

  recall(by) {
    this.recalled = Math.max(-1, Math.min(this.history.sent.length - 1, this.recalled + by));
    this.field.value = this.recalled < 0 ? "" : this.history.sent.at(-1 - this.recalled);
    this.onInput(false);
  }

  async submit() {
    const text = this.field.value.trim();
    if (!text) return;
    const key = this.key;
    this.history.add(text);
    this.recalled = -1;
    this.field.value = "";
    this.drafts.delete(key);
    this.onInput(false);
    this.waiting += 1;
    if (text.startsWith("/")) refill(this.progress, `Waiting for an answer to ${text.length > 60 ? `${text.slice(0, 59)}…` : text}`);
    const answer = await this.send(text);
    this.waiting -= 1;
    if (!this.waiting) refill(this.progress);
    if (!answer.ok && !text.startsWith("/") && this.key === key && !this.field.value) {
      this.field.value = text;
      this.onInput(false);
    }
  }
}
