/** The two places with messages: the channel, and the thread beside it. */
import { Composer } from "./composer.js";
import { h, icon, iconButton, refill } from "./dom.js";
import { Feed } from "./feed.js";
import { placeHash } from "./route.js";
import { beginning, failed, loading } from "./skeleton.js";
import { welcome } from "./welcome.js";

/** The `/runs latest` to try, from the first command the app has. */
function firstTry(store) {
  const command = store.commands[0];
  return command ? `${command.command} latest` : "";
}

class Pane {
  constructor(node, store, actions, composerOptions, feedOptions, label) {
    Object.assign(this, { node, store, actions });
    this.trouble = "";
    this.head = h("header", { class: "pane-head" });
    this.feed = new Feed({ store, actions, ...feedOptions }, label);
    const send = (text) => {
      this.feed.toBottom();
      return composerOptions.send(text);
    };
    this.composer = new Composer({ store, ...composerOptions, send });
    node.append(this.head, this.feed.node, this.composer.node);
    const draw = () => this.draw();
    store.on("messages", (channel) => channel === store.place.channel && draw());
    for (const kind of ["state", "place"]) store.on(kind, draw);
  }

  /** Loads what is shown, and says so while that lasts. */
  async load(channel, thread) {
    this.trouble = "";
    this.node.setAttribute("aria-busy", "true");
    try {
      await this.actions.loadMessages(channel, thread);
    } catch (error) {
      this.trouble = error.message || "The sandbox cannot be reached.";
    }
    this.node.removeAttribute("aria-busy");
    this.draw();
  }

  emptyState(key, words) {
    if (this.trouble) return failed(this.trouble, () => this.load(this.store.place.channel, this.store.place.thread));
    return this.store.loaded.has(key) ? words() : loading();
  }
}

export class ChannelPane extends Pane {
  constructor(node, store, actions, { history, send, openThread, openList }) {
    super(node, store, actions, { history, send }, { openThread, inThread: false }, "Messages");
    this.openList = openList;
    this.divider = null;
    this.greeting = null;
  }

  /** Remembers where the unread messages start, before they are marked read. */
  entered(unread) {
    const others = this.store.level(this.store.place.channel).filter((one) => one.user !== this.store.me && !one.ephemeral);
    this.divider = unread ? ((others.at(-unread) ?? others[0])?.ts ?? null) : null;
    this.draw();
    this.feed.toBottom();
  }

  /** The welcome stands above the messages of a channel, until it is dismissed. */
  greet() {
    if (!this.greeting?.isConnected) {
      this.greeting = welcome(this.store, (text) => this.composer.start(text));
      if (this.greeting) this.feed.node.before(this.greeting);
    }
    if (this.greeting) this.greeting.hidden = Boolean(this.store.channels.get(this.store.place.channel)?.is_im);
  }

  draw() {
    const { store } = this;
    const id = store.place.channel;
    if (!id) return;
    const channel = store.channels.get(id);
    const name = store.channelName(id);
    const mark = channel?.is_im || channel?.is_private ? "" : "#";
    const count = channel?.member_ids?.length ?? 0;
    const members = (channel?.member_ids ?? []).map((member) => store.userName(member)).join(", ");
    refill(
      this.head,
      iconButton("menu", "Show the list of channels", this.openList, { class: "only-narrow" }),
      h("div", { class: "pane-title" }, h("h2", { title: mark + name }, mark && h("span", { class: "hash" }, mark), channel?.is_private ? icon("lock") : null, name), channel?.topic ? h("p", { class: "topic", title: channel.topic }, channel.topic) : null),
      count && !channel?.is_im ? h("span", { class: "members", title: members }, `${count} ${count === 1 ? "member" : "members"}`) : null,
    );
    this.composer.at(id, `Message ${mark}${name}`);
    this.greet();
    this.feed.list.setAttribute("aria-label", `Messages in ${mark}${name}`);
    const messages = store.level(id);
    const start = () => beginning(channel, mark + name, messages.length ? "" : firstTry(store), (text) => this.composer.start(text));
    const known = store.loaded.has(id) && !this.trouble;
    this.feed.show(messages, { divider: this.divider, intro: known ? [`${id} ${!messages.length}`, start] : null, empty: known ? null : this.emptyState(id, () => null) });
  }
}

export class ThreadPane extends Pane {
  constructor(node, store, actions, { history, send, close }) {
    super(node, store, actions, { history, send, inThread: true }, { openThread: () => {}, inThread: true }, "Replies");
    this.close = close;
    node.addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && close());
  }

  draw() {
    const { channel, thread } = this.store.place;
    this.node.hidden = !thread;
    document.getElementById("frame").classList.toggle("with-thread", Boolean(thread));
    if (!thread) return;
    const mark = this.store.channels.get(channel)?.is_im ? "" : "#";
    refill(
      this.head,
      h("div", { class: "pane-title" }, h("h2", {}, "Thread"), h("p", { class: "topic" }, h("a", { href: placeHash(channel) }, mark + this.store.channelName(channel)))),
      iconButton("close", "Close the thread", this.close),
    );
    this.composer.at(`${channel}/${thread}`, "Reply…");
    const messages = this.store.thread(channel, thread);
    const missing = () => h("li", { class: "nothing" }, h("p", {}, "This message is no longer here."));
    const count = messages.filter((message) => message.ts !== thread).length;
    const rootLine = count ? `${count} ${count === 1 ? "reply" : "replies"}` : "No replies yet";
    this.feed.show(messages, { rootLine, empty: this.emptyState(`${channel}/${thread}`, missing) });
  }
}
