/** What the page knows: people, channels, messages and where the person is looking. Views listen; nothing here draws. */

/** Does a message stand in the channel itself (and not only in a thread)? */
export function atChannelLevel(message) {
  const reply = message.thread_ts && message.thread_ts !== message.ts;
  return !reply || message.subtype === "thread_broadcast" || message.reply_broadcast === true;
}

const byTime = (one, two) => Number(one.ts) - Number(two.ts);

export class Store extends EventTarget {
  constructor() {
    super();
    this.me = "";
    this.team = { name: "" };
    this.bot = { id: "", name: "" };
    this.users = new Map();
    this.channels = new Map();
    this.commands = [];
    this.connected = null;
    this.place = { channel: "", thread: "" };
    this.views = [];
    this.messages = new Map();
    this.loaded = new Set();
    this.dismissed = new Set();
    this.names = this.makeNames();
  }

  /** Tells every view that listens: "state", "place", "messages" (detail: channel), "views". */
  tell(kind, detail) {
    this.dispatchEvent(new CustomEvent(kind, { detail }));
  }

  on(kind, listener) {
    this.addEventListener(kind, (event) => listener(event.detail));
  }

  /** Takes the server's word for people, channels and commands. */
  takeState(me, state) {
    this.me = me;
    this.team = state.team ?? this.team;
    this.bot = state.bot ?? this.bot;
    this.users = new Map((state.users ?? []).map((user) => [user.id, user]));
    this.channels = new Map((state.channels ?? []).map((channel) => [channel.id, { ...channel }]));
    this.commands = state.commands ?? [];
    this.connected = state.bot?.connected ?? state.connected ?? this.connected;
    this.tell("state");
  }

  /** Another person looks: what was whispered to the last one is forgotten. */
  forget() {
    this.messages.clear();
    this.loaded.clear();
    this.views = [];
    this.tell("views");
  }

  people() {
    return [...this.users.values()].filter((user) => !user.is_bot && user.id !== "USLACKBOT");
  }

  in(channel) {
    if (!this.messages.has(channel)) this.messages.set(channel, new Map());
    return this.messages.get(channel);
  }

  /**
   * Takes one whole answer of /sandbox/messages, keeping notes that only this page knows. `before` are the stamps
   * held when it was asked for: what the stream brought meanwhile is newer than the answer and stays.
   */
  takeMessages(channel, thread, list, before) {
    const held = this.in(channel);
    const fresh = new Set(list.map((message) => message.ts));
    for (const [ts, message] of held) {
      const here = thread ? ts === thread || message.thread_ts === thread : atChannelLevel(message);
      if (here && before.has(ts) && !fresh.has(ts) && !message.local) held.delete(ts);
    }
    for (const message of list) held.set(message.ts, message);
    this.loaded.add(thread ? `${channel}/${thread}` : channel);
    this.tell("messages", channel);
  }

  put(channel, message) {
    this.in(channel).set(message.ts, message);
    this.tell("messages", channel);
  }

  drop(channel, ts) {
    this.in(channel).delete(ts);
    this.tell("messages", channel);
  }

  dismiss(channel, ts) {
    this.dismissed.add(ts);
    this.drop(channel, ts);
  }

  /** Something only this page says, and only to this person (a command that failed, for instance). */
  note(channel, text, thread = "") {
    const ts = (Date.now() / 1000).toFixed(6);
    const note = { ts, channel, text, local: true, ephemeral: true, user: "USLACKBOT" };
    this.put(channel, thread ? { ...note, thread_ts: thread } : note);
  }

  level(channel) {
    return [...this.in(channel).values()].filter((one) => atChannelLevel(one) && !one.deleted).sort(byTime);
  }

  thread(channel, ts) {
    const here = (one) => (one.ts === ts || one.thread_ts === ts) && !one.deleted;
    return [...this.in(channel).values()].filter(here).sort(byTime);
  }

  /** Where the person looks now: a channel, and a thread in it or "". */
  go(channel, thread = "") {
    if (this.place.channel === channel && this.place.thread === thread) return;
    this.place = { channel, thread };
    this.tell("place");
  }

  zone() {
    return this.users.get(this.me)?.tz ?? "";
  }

  /** Who a channel is, as shown: a direct message is the other person. */
  channelName(id, otherwise = "") {
    const channel = this.channels.get(id);
    if (channel?.is_im) return channel.name || this.userName(channel.user);
    return channel?.name || otherwise || id;
  }

  userName(id, otherwise = "") {
    if (id === "USLACKBOT") return "Sandbox";
    const user = this.users.get(id);
    return user?.real_name || user?.name || (id === this.bot.id && this.bot.name) || otherwise || id || "Somebody";
  }

  /** Who wrote a message, as {id, name, color, isBot}. */
  author(message) {
    const id = message.user || message.bot_id || "";
    const known = this.users.get(id);
    const isBot = Boolean(known?.is_bot || message.bot_id || id === this.bot.id);
    const fallback = message.username || message.bot_profile?.name || "";
    return { id, name: message.username || this.userName(id, fallback), color: known?.color, isBot };
  }

  makeNames() {
    return {
      user: (id, otherwise) => this.userName(id, otherwise),
      channel: (id, otherwise) => this.channelName(id, otherwise),
      me: () => this.me,
      zone: () => this.zone(),
      people: () => this.people().map((user) => ({ id: user.id, name: this.userName(user.id) })),
      channels: () =>
        [...this.channels.values()].filter((one) => !one.is_im).map((one) => ({ id: one.id, name: `#${one.name}` })),
    };
  }
}
