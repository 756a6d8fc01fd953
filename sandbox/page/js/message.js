/** Draws one message: who and when, its blocks or text, reactions, its thread, and the tools beside it. */
import { avatar } from "./avatar.js";
import { drawBlocks } from "./blocks/index.js";
import { confirmDialog, showJson } from "./dialog.js";
import { h, iconButton } from "./dom.js";
import { errorWords } from "./errors.js";
import { fileRow } from "./files.js";
import { drawInline } from "./inline.js";
import { preview } from "./live.js";
import { readMrkdwn } from "./mrkdwn.js";
import { pickReaction, reactionRow } from "./reactions.js";
import { clock, full, shortly } from "./times.js";

const ASK_REMOVE = {
  title: { type: "plain_text", text: "Delete this message?" },
  text: { type: "plain_text", text: "It disappears for everyone. This cannot be undone." },
  confirm: { type: "plain_text", text: "Delete" },
  deny: { type: "plain_text", text: "Keep it" },
  style: "danger",
};

function stamp(message, zone) {
  const link = `#${message.channel}/p${message.ts}`;
  const time = h("time", { datetime: new Date(message.ts * 1000).toISOString() }, clock(message.ts, zone));
  const props = { class: "stamp", title: full(message.ts, zone) };
  return message.ephemeral ? h("span", props, time) : h("a", { ...props, href: link, tabindex: "-1" }, time);
}

function attachment(item, context) {
  const edge = h("div", { class: "attachment" });
  if (/^#?[0-9a-f]{6}$/i.test(item.color ?? "")) edge.style.setProperty("--edge", `#${item.color.replace("#", "")}`);
  if (item.blocks?.length) edge.append(...drawBlocks(item.blocks, context));
  else edge.append(h("div", { class: "text" }, drawInline(readMrkdwn(item.text ?? item.fallback ?? ""), context.names)));
  return edge;
}

/** The app's blocks stand on a card of their own. */
const isCard = (message, author) => author.isBot && message.blocks?.length > 0;

/** The mark of a message that was changed, or nothing. */
function edited(message, store) {
  if (!message.edited || message.ephemeral) return "";
  return h("span", { class: "edited", title: `Edited ${full(message.edited.ts, store.zone())}` }, " (edited)");
}

function body(message, { store, actions }) {
  if (message.subtype === "tombstone") return h("p", { class: "tombstone" }, "This message was deleted.");
  const press = (block, element, payload) => actions.press(message, block, element, payload);
  const context = { names: store.names, press };
  const bare = (message.blocks ?? []).length === 0;
  const card = isCard(message, store.author(message));
  const node = h("div", { class: card ? "content card" : "content" });
  if (bare) node.append(h("div", { class: "text" }, drawInline(readMrkdwn(message.text), store.names)));
  else node.append(...drawBlocks(message.blocks, context));
  node.append(...(message.attachments ?? []).map((item) => attachment(item, context)));
  if (!card) (node.querySelector(":scope > .text, .rich-section:last-of-type") ?? node).append(edited(message, store));
  return node;
}

function threadLine(message, { store, openThread, inThread }) {
  const count = message.reply_count ?? 0;
  if (!count || inThread) return null;
  const faces = (message.reply_users ?? []).slice(0, 3).map((id) => {
    const user = store.users.get(id);
    return avatar({ id, name: store.userName(id), color: user?.color, isBot: user?.is_bot }, "avatar-tiny");
  });
  const last = message.latest_reply ? ` · last ${shortly(message.latest_reply, store.zone())}` : "";
  const words = `${count} ${count === 1 ? "reply" : "replies"}`;
  const open = () => openThread(message);
  return h("button", { type: "button", class: "thread-line", data: { focus: "thread" }, on: { click: open } }, h("span", { class: "faces" }, faces), h("b", {}, words), h("span", {}, last));
}

/** Above a broadcast reply: where it comes from. */
function origin(message, { store, openThread, inThread }) {
  const isReply = message.thread_ts && message.thread_ts !== message.ts;
  if (!isReply) return null;
  if (inThread) return message.subtype === "thread_broadcast" ? h("p", { class: "origin" }, "Also sent to the channel") : null;
  const parent = message.root ?? store.in(message.channel).get(message.thread_ts);
  const about = parent ? preview(parent, store.names, 80) : "a thread";
  return h("p", { class: "origin" }, "Replied to a thread: ", h("button", { type: "button", class: "origin-link", on: { click: () => openThread(message) } }, about));
}

function tools(message, place) {
  const { store, actions, openThread, startEdit, inThread } = place;
  const bar = h("div", { class: "tools", role: "group", "aria-label": "About this message" });
  const react = iconButton("react", "React", () => pickReaction(react, (name) => actions.react(message, name, true)));
  const remove = async () => {
    if (!(await confirmDialog(ASK_REMOVE, store.names))) return;
    const answer = await actions.remove(message);
    if (!answer.ok) store.note(message.channel, errorWords(answer.error));
  };
  if (!message.ephemeral && message.subtype !== "tombstone") {
    bar.append(react);
    if (!inThread) bar.append(iconButton("reply", "Reply in thread", () => openThread(message)));
    if (message.user === store.me && !message.bot_id) {
      bar.append(iconButton("edit", "Edit", () => startEdit(message)), iconButton("remove", "Delete", remove));
    }
  }
  if (!message.local) bar.append(iconButton("inspect", "Show what was sent (JSON)", () => showJson("What was sent", message)));
  return bar.childElementCount ? bar : null;
}

function whisper(message, { store, actions }) {
  if (!message.ephemeral) return null;
  const dismiss = () => {
    store.dismiss(message.channel, message.ts);
    if (!message.local) actions.remove(message);
  };
  return h("p", { class: "whisper" }, "Only visible to you · ", h("button", { type: "button", class: "dismiss", data: { focus: "dismiss" }, on: { click: dismiss } }, "Dismiss"));
}

function mentionsMe(message, me) {
  const here = JSON.stringify([message.text, message.blocks ?? ""]);
  return message.user !== me && !message.bot_id && (here.includes(`<@${me}`) || here.includes(`"user_id":"${me}"`));
}

/**
 * One message as a list item. `place` holds store, actions, openThread(message), startEdit(message), and inThread;
 * `follows` says that the same person wrote just before, so that face and name are left out.
 */
export function drawMessage(message, follows, place) {
  const { store } = place;
  const author = store.author(message);
  const classes = ["message"];
  if (follows) classes.push("follows");
  if (message.ephemeral) classes.push("ephemeral");
  if (message.local) classes.push("local");
  if (mentionsMe(message, store.me)) classes.push("names-me");
  const gutter = follows ? stamp(message, store.zone()) : avatar(author);
  const head = follows
    ? h("span", { class: "unseen" }, author.name)
    : h("div", { class: "byline" }, h("b", { class: "author", title: author.name }, author.name), author.isBot ? h("span", { class: "app-badge" }, "app") : null, stamp(message, store.zone()), isCard(message, author) ? edited(message, store) : null);
  return h(
    "li",
    { class: classes.join(" "), tabindex: "-1", data: { ts: message.ts } },
    h("div", { class: "gutter" }, gutter),
    h("div", { class: "message-main" }, whisper(message, place), head, origin(message, place), body(message, place), fileRow(message), reactionRow(message, store, place.actions), threadLine(message, place)),
    tools(message, place),
  );
}
