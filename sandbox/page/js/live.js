/** Turns what the stream says into changes of the store, and tells what deserves to be read aloud. */
import { wordsOf } from "./inline.js";
import { readMrkdwn } from "./mrkdwn.js";
import { atChannelLevel } from "./store.js";

/** A message in a few words, for previews and for those who listen. */
export function preview(message, names, limit = 140) {
  const words = wordsOf(readMrkdwn(message.text ?? ""), names).replace(/\s+/g, " ").trim();
  const text = words || (message.blocks?.length ? "a message" : "");
  return text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
}

const tsOf = (event) => event.ts ?? event.deleted_ts ?? event.message?.ts;

function arrived(store, event, announce) {
  const { channel, message } = event;
  if (store.dismissed.has(message.ts)) return;
  const isNew = !store.in(channel).has(message.ts);
  store.put(channel, message);
  if (!isNew || message.user === store.me) return;
  const shown = store.place.channel === channel && !document.hidden;
  const place = store.channels.get(channel);
  if (place && atChannelLevel(message) && !message.ephemeral) {
    place.last_ts = message.ts;
    if (!shown) {
      place.unread = (place.unread ?? 0) + 1;
      store.tell("state");
    }
  }
  if (shown) announce(`${store.author(message).name}: ${preview(message, store.names)}`);
}

const HEAR = {
  message: arrived,
  message_changed: (store, { channel, message }) => {
    if (!store.dismissed.has(message.ts)) store.put(channel, message);
  },
  message_deleted: (store, event) => store.drop(event.channel, tsOf(event)),
  reaction: (store, { channel, message }) => message && store.put(channel, message),
  view_opened: (store, { view }) => {
    if (view.type === "home") return;
    store.views = [...store.views.filter((one) => one.id !== view.id), view];
    store.tell("views");
  },
  view_updated: (store, { view }) => {
    store.views = store.views.map((one) => (one.id === view.id ? view : one));
    store.tell("views");
  },
  view_closed: (store, { view, view_id: id }) => {
    store.views = store.views.filter((one) => one.id !== (view?.id ?? id));
    store.tell("views");
  },
  presence: (store, event) => {
    store.connected = event.connected ?? store.connected;
    store.tell("presence");
  },
};

/** Applies one event of the stream. Answers false when the page must ask the server again. */
export function hear(store, event, announce) {
  const apply = HEAR[event.type];
  if (!apply) return false;
  const needsMessage = ["message", "message_changed"].includes(event.type);
  if (needsMessage && !event.message?.ts) return false;
  if (event.type.startsWith("message") || event.type === "reaction") {
    if (!event.channel && event.message?.channel) event = { ...event, channel: event.message.channel };
    if (event.channel && !store.channels.has(event.channel)) {
      apply(store, event, announce);
      return false;
    }
  }
  apply(store, event, announce);
  return true;
}
