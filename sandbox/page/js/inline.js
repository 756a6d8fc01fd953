/** Draws inline nodes (from mrkdwn, rich text, markdown) as elements; every value is set as text. */
import { h, safeHref } from "./dom.js";
import { emojiFor } from "./emoji.js";
import { ago, fillDate, full } from "./times.js";

const STYLE_TAGS = { bold: "b", italic: "i", strike: "s", underline: "u" };

function link(node, names) {
  const href = safeHref(node.url);
  const label = node.children?.length ? drawInline(node.children, names) : [node.url];
  if (!href || href.startsWith("#")) {
    return h("span", { class: "link-refused", title: `Not followed: ${node.url}` }, label);
  }
  const here = new URL(href).origin === location.origin;
  const outside = here ? {} : { target: "_blank", rel: "noopener noreferrer" };
  return h("a", { href, title: node.url, ...outside }, label);
}

function date(node, names) {
  const seconds = node.timestamp;
  if (!Number.isFinite(seconds)) return node.fallback || "";
  const words = fillDate(node.format || "{date_short} {time}", seconds, names.zone());
  const data = /\{ago\}/.test(node.format) ? { since: String(seconds) } : {};
  const time = h(
    "time",
    { datetime: new Date(seconds * 1000).toISOString(), title: full(seconds, names.zone()), data },
    words,
  );
  const href = node.url && safeHref(node.url);
  return href ? h("a", { href, target: "_blank", rel: "noopener noreferrer" }, time) : time;
}

function emoji(node) {
  const character = node.unicode ? fromCodePoints(node.unicode) : emojiFor(node.name);
  const code = `:${node.name}:`;
  if (!character) return h("span", { class: "emoji-unknown", title: "Not among the emoji of this sandbox" }, code);
  return h("span", { class: "emoji", role: "img", title: code, "aria-label": node.name.replace(/_/g, " ") }, character);
}

function fromCodePoints(hex) {
  try {
    return String.fromCodePoint(...String(hex).split("-").map((part) => parseInt(part, 16)));
  } catch {
    return null;
  }
}

const DRAW = {
  text: (node) => node.text,
  code: (node) => h("code", {}, node.text),
  pre: (node) => h("pre", {}, h("code", {}, node.text)),
  quote: (node, names) => h("blockquote", {}, drawInline(node.children, names)),
  link,
  date,
  emoji,
  user: (node, names) => {
    const mine = node.id === names.me();
    const title = `${names.user(node.id, node.label)} (${node.id})`;
    return h("span", { class: `mention${mine ? " mention-me" : ""}`, title }, `@${names.user(node.id, node.label)}`);
  },
  channel: (node, names) =>
    h("a", { class: "mention", href: `#${node.id}`, title: node.id }, `#${names.channel(node.id, node.label)}`),
  usergroup: (node) => h("span", { class: "mention", title: node.id }, node.label || `@${node.id}`),
  broadcast: (node) =>
    h(
      "strong",
      { class: "mention-all", data: { mention: node.range }, title: "A real mention: everyone here is notified" },
      `@${node.range}`,
    ),
  color: (node) => h("code", {}, node.value),
};

/** Nodes for a list of inline nodes; `names` answers user(), channel(), me() and zone(). */
export function drawInline(nodes, names) {
  return (nodes ?? []).map((node) => {
    if (STYLE_TAGS[node.kind]) return h(STYLE_TAGS[node.kind], {}, drawInline(node.children, names));
    return (DRAW[node.kind] ?? (() => h("code", { title: "Unknown element" }, node.kind)))(node, names);
  });
}

/** The words alone, for titles, previews and what is read aloud. */
export function wordsOf(nodes, names) {
  const parts = (nodes ?? []).map((node) => {
    if (node.kind === "text" || node.kind === "code" || node.kind === "pre") return node.text;
    if (node.kind === "user") return `@${names.user(node.id, node.label)}`;
    if (node.kind === "channel") return `#${names.channel(node.id, node.label)}`;
    if (node.kind === "broadcast") return `@${node.range}`;
    if (node.kind === "emoji") return emojiFor(node.name) ?? `:${node.name}:`;
    if (node.kind === "date") return fillDate(node.format, node.timestamp, names.zone());
    if (node.kind === "link" && !node.children?.length) return node.url;
    return wordsOf(node.children, names);
  });
  return parts.join("");
}

/** Keeps "3 minutes ago" true while the page stays open. */
export function keepTimesFresh(root, every = 30000) {
  return setInterval(() => {
    for (const time of root.querySelectorAll("time[data-since]")) {
      const words = ago(Number(time.dataset.since));
      if (time.textContent !== words && /ago$|^in |^just now$/.test(time.textContent)) time.textContent = words;
    }
  }, every);
}
