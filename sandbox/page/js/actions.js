/** What a person can do: say, press, react, edit, remove, read, send a form. Each answers {ok, error?}. */
import { read, send } from "./api.js";

export class Actions {
  constructor(store) {
    this.store = store;
    this.readUpTo = new Map();
  }

  post(path, body) {
    return send(path, { as: this.store.me, ...body });
  }

  async loadState(me) {
    const state = await read("state", { as: me });
    this.store.takeState(me || state.me || state.as || state.users?.find((user) => !user.is_bot)?.id || "", state);
  }

  async loadMessages(channel, thread = "") {
    const me = this.store.me;
    const parameters = thread ? { as: me, channel, thread_ts: thread } : { as: me, channel };
    const before = new Set(this.store.in(channel).keys());
    const { messages } = await read("messages", parameters);
    const kept = (messages ?? []).filter((message) => !this.store.dismissed.has(message.ts));
    if (me === this.store.me) this.store.takeMessages(channel, thread, kept, before);
  }

  /** The forms that are still open for this person, after a reload or a lost connection. */
  async loadViews() {
    const { modals } = await read("views", { as: this.store.me });
    this.store.views = modals ?? [];
    this.store.tell("views");
  }

  say(channel, text, thread) {
    return this.post("say", { channel, text, ...(thread ? { thread_ts: thread } : {}) });
  }

  press(message, block, element, payload) {
    const { type: _type, ...chosen } = payload;
    const where = { channel: message.channel, ts: message.ts };
    return this.post("press", { ...where, block_id: block.block_id, action_id: element.action_id, ...chosen });
  }

  pressInView(view, block, element, payload) {
    const { type: _type, ...chosen } = payload;
    return this.post("press", { view_id: view.id, block_id: block.block_id, action_id: element.action_id, ...chosen });
  }

  submit(view, values) {
    return this.post("submit", { view_id: view.id, values });
  }

  closeView(view) {
    return this.post("close", { view_id: view.id });
  }

  react(message, name, on) {
    return this.post("react", { channel: message.channel, ts: message.ts, name, on });
  }

  edit(message, text) {
    return this.post("edit", { channel: message.channel, ts: message.ts, text });
  }

  remove(message) {
    return this.post("remove", { channel: message.channel, ts: message.ts });
  }

  /** The channel is read up to its newest message. */
  markRead(id) {
    const channel = this.store.channels.get(id);
    const newest = this.store.level(id).findLast((message) => !message.ephemeral)?.ts ?? channel?.last_ts;
    if (channel?.unread) {
      channel.unread = 0;
      this.store.tell("state");
    }
    const key = `${this.store.me}/${id}`;
    if (!newest || this.readUpTo.get(key) === newest) return;
    this.readUpTo.set(key, newest);
    this.post("read", { channel: id, ts: newest });
  }
}
