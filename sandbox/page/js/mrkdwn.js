/** Reads Slack's mrkdwn into a small tree; draws nothing, so what data says can never become markup. */

const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };

/** Slack's three escapes turned back into characters. */
export function unescapeEntities(text) {
  return text.replace(/&(amp|lt|gt);/g, (entity) => ENTITIES[entity]);
}

const words = (text) => ({ kind: "text", text: unescapeEntities(text) });

/** What stands between < and >: a mention, a date, a channel or a link. */
function readAngle(inside) {
  const bar = inside.indexOf("|");
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? "" : unescapeEntities(inside.slice(bar + 1));
  if (/^@[A-Z0-9]+$/.test(target)) return { kind: "user", id: target.slice(1), label };
  if (/^#[A-Z0-9]+$/.test(target)) return { kind: "channel", id: target.slice(1), label };
  if (/^!subteam\^/.test(target)) return { kind: "usergroup", id: target.slice(9), label };
  if (/^!date\^/.test(target)) {
    const [, seconds, pattern, url] = target.split("^");
    return { kind: "date", timestamp: Number(seconds), format: pattern ?? "", url: url ?? "", fallback: label };
  }
  if (/^!(channel|here|everyone)$/.test(target)) return { kind: "broadcast", range: target.slice(1) };
  if (/^(https?:\/\/|mailto:)/i.test(target)) {
    return { kind: "link", url: unescapeEntities(target), children: label ? [{ kind: "text", text: label }] : [] };
  }
  return null;
}

const STYLES = { "*": "bold", _: "italic", "~": "strike" };
const isWord = (character) => character !== undefined && /[\p{L}\p{N}]/u.test(character);

/** Where the styled stretch that opens at `start` closes, or -1. */
function closing(text, start) {
  const mark = text[start];
  if (isWord(text[start - 1]) || /\s|^$/.test(text[start + 1] ?? "") || text[start + 1] === mark) return -1;
  for (let at = start + 2; at < text.length && text[at] !== "\n"; at += 1) {
    if (text[at] === "<") {
      const end = text.indexOf(">", at);
      if (end > 0) at = end;
    } else if (text[at] === mark && !/\s/.test(text[at - 1]) && !isWord(text[at + 1]) && text[at + 1] !== mark) {
      return at;
    }
  }
  return -1;
}

/** One special thing at `at`, as {node, end}, or null when the character is only itself. */
function special(text, at, options) {
  const rest = text.slice(at);
  const code = rest.match(/^`([^`\n]+)`/);
  if (code) return { node: { kind: "code", text: unescapeEntities(code[1]) }, end: at + code[0].length };
  const angle = rest.match(/^<([^<>\n]+)>/);
  const read = angle && readAngle(angle[1]);
  if (read) return { node: read, end: at + angle[0].length };
  const emoji = rest.match(/^:([a-z0-9_+\-']+(?:::skin-tone-\d)?):/);
  if (emoji && options.emoji !== false) return { node: { kind: "emoji", name: emoji[1] }, end: at + emoji[0].length };
  if (STYLES[text[at]]) {
    const end = closing(text, at);
    if (end > 0) {
      return { node: { kind: STYLES[text[at]], children: readInline(text.slice(at + 1, end), options) }, end: end + 1 };
    }
  }
  const bare = !isWord(text[at - 1]) && rest.match(/^https?:\/\/[^\s<>|]+[^\s<>|.,;:!?)'"\]]/i);
  if (bare) return { node: { kind: "link", url: unescapeEntities(bare[0]), children: [] }, end: at + bare[0].length };
  return null;
}

/** Inline mrkdwn (styles, code, links, mentions, emoji) as a list of nodes. */
export function readInline(text, options = {}) {
  const nodes = [];
  let plain = "";
  let at = 0;
  const flush = () => {
    if (plain) nodes.push(words(plain));
    plain = "";
  };
  while (at < text.length) {
    const found = /[`<:*_~h]/i.test(text[at]) ? special(text, at, options) : null;
    if (found) {
      flush();
      nodes.push(found.node);
      at = found.end;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  flush();
  return nodes;
}

const QUOTE = /^(?:&gt;|>) ?/;

function readLines(text, options) {
  const nodes = [];
  let plain = [];
  let quoted = [];
  const flush = () => {
    if (quoted.length) nodes.push({ kind: "quote", children: readInline(quoted.join("\n"), options) });
    if (plain.length) nodes.push(...readInline(plain.join("\n"), options));
    quoted = [];
    plain = [];
  };
  for (const line of text.split("\n")) {
    const isQuote = QUOTE.test(line);
    if (isQuote && plain.length) flush();
    if (!isQuote && quoted.length) flush();
    if (isQuote) quoted.push(line.replace(QUOTE, ""));
    else plain.push(line);
  }
  flush();
  return nodes;
}

/** A whole mrkdwn text: fenced code and quoted lines too. */
export function readMrkdwn(text, options = {}) {
  const nodes = [];
  const parts = String(text ?? "").split(/\n?```\n?/);
  parts.forEach((part, index) => {
    const fenced = index % 2 === 1 && index < parts.length - 1;
    if (fenced) nodes.push({ kind: "pre", text: unescapeEntities(part) });
    else if (index % 2 === 1) nodes.push(...readLines("```" + part, options));
    else if (part) nodes.push(...readLines(part, options));
  });
  return nodes;
}

/** Plain text whose :emoji: may be shown (never a link or mention). */
export function readPlain(text, emoji = true) {
  const nodes = [];
  for (const part of String(text ?? "").split(/(:[a-z0-9_+\-']+(?:::skin-tone-\d)?:)/)) {
    if (!part) continue;
    const name = emoji && part.length > 2 && part.match(/^:(.+):$/);
    nodes.push(name ? { kind: "emoji", name: name[1] } : { kind: "text", text: part });
  }
  return nodes;
}
