/** Puts the page together: who one is, where one looks, what arrives, and what is sent. */
import { Actions } from "./actions.js";
import { Stream } from "./api.js";
import { History } from "./composer.js";
import { h, refill } from "./dom.js";
import { errorWords } from "./errors.js";
import { keepTimesFresh } from "./inline.js";
import { hear } from "./live.js";
import { mountModals } from "./modal.js";
import { ChannelPane, ThreadPane } from "./panes.js";
import { placeHash, readPlace } from "./route.js";
import { mountSidebar } from "./sidebar.js";
import { Store } from "./store.js";
import { toggleTheme } from "./theme.js";

const SPEAKER = "rundown-sandbox-speaker";
const at = (id) => document.getElementById(id);
const store = new Store();
const actions = new Actions(store);
const history_ = new History();
let stream = null;
let offline = false;

function announce(words) {
  const line = h("p", {}, words);
  at("announcer").append(line);
  setTimeout(() => line.remove(), 10000);
}

/** The list of channels in front of a narrow page: what lies behind it cannot be reached meanwhile. */
function showList(open) {
  const was = at("channel").inert;
  const inside = at("sidebar").contains(document.activeElement);
  at("frame").classList.toggle("with-list", open);
  at("channel").inert = open;
  at("thread").inert = open;
  if (open) at("sidebar").querySelector('[aria-current="page"], .place')?.focus();
  else if (was && inside) at("channel").querySelector(".only-narrow")?.focus();
}

/** Says something as the person; what went wrong is shown to them alone, where they said it. */
async function say(text, thread) {
  const { channel } = store.place;
  const answer = await actions.say(channel, text, thread);
  if (!answer.ok) store.note(channel, errorWords(answer.error), thread);
  return answer;
}

function openThread(message) {
  const parent = message.thread_ts || message.ts;
  history.pushState(null, "", location.search + placeHash(message.channel, parent));
  follow();
  thread.composer.field.focus();
}

function closeThread() {
  const before = store.place.thread;
  history.pushState(null, "", location.search + placeHash(store.place.channel));
  follow();
  channel.feed.list.querySelector(`[data-ts="${CSS.escape(before)}"]`)?.focus();
}

const channel = new ChannelPane(at("channel"), store, actions, {
  history: history_,
  send: (text) => say(text, ""),
  openThread,
  openList: () => showList(true),
});
const thread = new ThreadPane(at("thread"), store, actions, {
  history: history_,
  send: (text) => say(text, store.place.thread),
  close: closeThread,
});

function firstPlace() {
  const all = [...store.channels.values()];
  const unread = all.filter((one) => !one.is_im && one.unread);
  return (unread[0] ?? all.find((one) => !one.is_im && one.name !== "general") ?? all[0])?.id ?? "";
}

/** Goes where the address says, loading what is not known yet. */
async function follow() {
  const wanted = readPlace(location.hash);
  const id = store.channels.has(wanted.channel) ? wanted.channel : firstPlace();
  if (!id) return;
  if (id !== wanted.channel) history.replaceState(null, "", location.search + placeHash(id));
  const entering = store.place.channel !== id || !store.loaded.has(id);
  const known = wanted.message && store.in(id).get(wanted.message);
  const parent = id === wanted.channel ? known?.thread_ts || wanted.message : "";
  const unread = store.channels.get(id)?.unread ?? 0;
  if (entering) channel.feed.reset();
  if (store.place.thread !== parent) thread.feed.reset();
  store.go(id, parent);
  showList(false);
  if (entering) {
    await channel.load(id, "");
    if (store.place.channel === id) channel.entered(unread);
  }
  if (parent) await thread.load(id, parent);
  const root = store.in(id).get(parent)?.thread_ts;
  if (root && root !== parent && store.place.thread === parent) {
    // The address was a reply's: its thread is that of the message above it.
    history.replaceState(null, "", location.search + placeHash(id, root));
    await follow();
    thread.feed.list.querySelector(`[data-ts="${CSS.escape(parent)}"]`)?.focus();
  }
  actions.markRead(id);
}

async function catchUp() {
  await actions.loadState(store.me);
  await actions.loadViews();
  const { channel: id, thread: ts } = store.place;
  store.loaded.clear();
  if (id) await channel.load(id, "");
  if (ts) await thread.load(id, ts);
}

function onStreamState(state) {
  if (state === "open") {
    refill(at("banner"));
    if (offline) catchUp().catch(() => {});
    offline = false;
    return;
  }
  offline = true;
  // The first new try comes at once: a page must not jump for half a second.
  if (state.tries < 2) return;
  const seconds = Math.max(1, Math.round(state.wait / 1000));
  const now = h("button", { type: "button", class: "button button-small", on: { click: () => stream.connect() } }, "Try now");
  refill(at("banner"), h("span", {}, `The connection to the sandbox is lost. Trying again in ${seconds} s.`), now);
}

let stateTimer = null;

function onEvent(event) {
  if (!hear(store, event, announce)) {
    clearTimeout(stateTimer);
    stateTimer = setTimeout(() => actions.loadState(store.me).catch(() => {}), 200);
  }
  if (event.channel === store.place.channel && !document.hidden) actions.markRead(event.channel);
}

/** Becomes a person: their channels, their stream, their unread marks. */
async function speakAs(me) {
  stream?.close();
  store.forget();
  await actions.loadState(me);
  localStorage.setItem(SPEAKER, store.me);
  // Each tab stays with its person, so that two people can talk side by side.
  history.replaceState(null, "", `?as=${store.me}${location.hash}`);
  channel.feed.reset();
  thread.feed.reset();
  stream = new Stream(store.me, onEvent, onStreamState);
  // What happens before somebody listens would be missed by a list that was read earlier.
  await stream.begun;
  await actions.loadViews();
  await follow();
}

function switchTheme() {
  toggleTheme();
  store.tell("state");
}

/** A place was chosen with the keyboard: what is typed next belongs there. */
function enter() {
  showList(false);
  channel.composer.field.focus();
}

function whoAmI() {
  return new URLSearchParams(location.search).get("as") || localStorage.getItem(SPEAKER) || "";
}

async function begin() {
  mountSidebar(at("sidebar"), store, { speakAs, toggleTheme: switchTheme, close: () => showList(false), entered: enter });
  mountModals(store, actions);
  at("skip").addEventListener("click", () => channel.composer.field.focus());
  at("sidebar").addEventListener("keydown", (event) => event.key === "Escape" && showList(false));
  at("frame").addEventListener("click", (event) => event.target === at("frame") && showList(false));
  addEventListener("hashchange", follow);
  document.addEventListener("visibilitychange", () => !document.hidden && actions.markRead(store.place.channel));
  keepTimesFresh(document);
  try {
    await speakAs(whoAmI()).catch(() => speakAs(""));
  } catch (error) {
    refill(at("banner"), h("span", {}, `The sandbox does not answer: ${error.message}`), h("button", { type: "button", class: "button button-small", on: { click: () => location.reload() } }, "Try again"));
  }
}

begin();
