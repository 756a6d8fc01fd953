/** Draws the plain part of Markdown that a `markdown` block may hold: headings, lists, quotes, code, tables, links. */
import { h } from "./dom.js";
import { drawInline } from "./inline.js";
import { readPlain } from "./mrkdwn.js";

const PATTERNS = [
  [/^`([^`]+)`/, (found) => ({ kind: "code", text: found[1] })],
  [/^!?\[([^\]]*)\]\(([^\s)]+)[^)]*\)/, (found) => ({ kind: "link", url: found[2], children: readMarkdown(found[1]) })],
  [/^<(https?:[^>\s]+)>/, (found) => ({ kind: "link", url: found[1], children: [] })],
  [/^\*\*(\S(?:.*?\S)?)\*\*/, (found) => ({ kind: "bold", children: readMarkdown(found[1]) })],
  [/^__(\S(?:.*?\S)?)__/, (found) => ({ kind: "bold", children: readMarkdown(found[1]) })],
  [/^~~(\S(?:.*?\S)?)~~/, (found) => ({ kind: "strike", children: readMarkdown(found[1]) })],
  [/^\*(\S(?:.*?\S)?)\*/, (found) => ({ kind: "italic", children: readMarkdown(found[1]) })],
  [/^_(\S(?:.*?\S)?)_(?!\w)/, (found) => ({ kind: "italic", children: readMarkdown(found[1]) })],
  [/^\\([\\`*_{}[\]()#+\-.!<>~|])/, (found) => ({ kind: "text", text: found[1] })],
];

function readMarkdown(text) {
  const nodes = [];
  let plain = "";
  let at = 0;
  while (at < text.length) {
    const rest = text.slice(at);
    const match = /[`[!<*_~\\]/.test(rest[0]) && PATTERNS.map(([pattern, make]) => [rest.match(pattern), make]).find(([f]) => f);
    if (match) {
      nodes.push(...readPlain(plain));
      plain = "";
      nodes.push(match[1](match[0]));
      at += match[0][0].length;
    } else {
      plain += rest[0];
      at += 1;
    }
  }
  return [...nodes, ...readPlain(plain)];
}

const cells = (line) => line.trim().replace(/^\||\|$/g, "").split("|").map((cell) => cell.trim());

const BLOCKS = [
  [/^```/, fence],
  [/^#{1,6}\s/, heading],
  [/^>/, quote],
  [/^\s*(?:[-*+]|\d+[.)])\s/, list],
  [/^(?:-{3,}|\*{3,}|_{3,})\s*$/, (lines) => (lines.shift(), h("hr", {}))],
];

function fence(lines) {
  lines.shift();
  const end = lines.findIndex((line) => line.startsWith("```"));
  const code = lines.splice(0, end < 0 ? lines.length : end);
  lines.shift();
  return h("pre", {}, h("code", {}, code.join("\n")));
}

function heading(lines, names) {
  const [, marks, text] = lines.shift().match(/^(#{1,6})\s+(.*)$/) ?? [null, "#", ""];
  return h(marks.length < 3 ? "h3" : "h4", { class: "header" }, drawInline(readMarkdown(text), names));
}

function taken(lines, pattern) {
  const found = [];
  while (lines.length && pattern.test(lines[0])) found.push(lines.shift());
  return found;
}

function quote(lines, names) {
  const inner = taken(lines, /^>/).map((line) => line.replace(/^> ?/, ""));
  return h("blockquote", {}, drawInline(readMarkdown(inner.join("\n")), names));
}

function list(lines, names) {
  const ordered = /^\s*\d/.test(lines[0]);
  const items = taken(lines, /^\s*(?:[-*+]|\d+[.)])\s/);
  const drawn = items.map((item) => {
    const [, space, text] = item.match(/^(\s*)(?:[-*+]|\d+[.)])\s+(.*)$/) ?? [null, "", item];
    const task = text.match(/^\[([ xX])\]\s+(.*)$/);
    const mark = task ? (task[1] === " " ? "☐ " : "☑ ") : "";
    const deep = Math.min(3, Math.floor(space.length / 2));
    return h("li", { class: `deep-${deep}` }, mark, drawInline(readMarkdown(task ? task[2] : text), names));
  });
  return h(ordered ? "ol" : "ul", { class: ordered ? "list-decimal" : "list-disc" }, drawn);
}

function table(lines, names) {
  const [head, , ...rows] = taken(lines, /\|/).map(cells);
  const row = (values, tag) => h("tr", {}, values.map((value) => h(tag, {}, drawInline(readMarkdown(value), names))));
  return h(
    "div",
    { class: "table-scroll", tabindex: "0", role: "group", "aria-label": "Table" },
    h("table", { class: "table" }, h("thead", {}, row(head, "th")), h("tbody", {}, rows.map((values) => row(values, "td")))),
  );
}

/** Elements for a Markdown text. */
export function drawMarkdown(text, names) {
  const lines = String(text).split("\n");
  const drawn = [];
  while (lines.length) {
    if (!lines[0].trim()) {
      lines.shift();
      continue;
    }
    const block = BLOCKS.find(([pattern]) => pattern.test(lines[0]));
    if (block) {
      drawn.push(block[1](lines, names));
    } else if (lines.length > 1 && lines[0].includes("|") && /^\s*\|?[\s:|-]+-[\s:|-]*$/.test(lines[1])) {
      drawn.push(table(lines, names));
    } else {
      const paragraph = [lines.shift()];
      while (lines.length && lines[0].trim() && !BLOCKS.some(([pattern]) => pattern.test(lines[0]))) paragraph.push(lines.shift());
      drawn.push(h("p", { class: "rich-section" }, drawInline(readMarkdown(paragraph.join("\n")), names)));
    }
  }
  return drawn;
}
