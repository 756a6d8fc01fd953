/** Draws rich_text blocks: sections, nested and numbered lists, quotes and preformatted text. */
import { h } from "../dom.js";
import { drawInline } from "../inline.js";

const STYLES = ["bold", "italic", "strike", "underline"];

function styled(element, node) {
  if (element.style?.code && node.kind === "text") node = { kind: "code", text: node.text };
  return STYLES.reduce((inner, name) => (element.style?.[name] ? { kind: name, children: [inner] } : inner), node);
}

const READ = {
  text: (element) => ({ kind: "text", text: element.text ?? "" }),
  link: (element) => ({
    kind: "link",
    url: element.url,
    children: element.text
      ? [element.style?.code ? { kind: "code", text: element.text } : { kind: "text", text: element.text }]
      : [],
  }),
  emoji: (element) => ({ kind: "emoji", name: element.name ?? "", unicode: element.unicode }),
  user: (element) => ({ kind: "user", id: element.user_id }),
  channel: (element) => ({ kind: "channel", id: element.channel_id }),
  usergroup: (element) => ({ kind: "usergroup", id: element.usergroup_id }),
  broadcast: (element) => ({ kind: "broadcast", range: element.range }),
  color: (element) => ({ kind: "color", value: element.value }),
  date: (element) => ({
    kind: "date",
    timestamp: Number(element.timestamp),
    format: element.format,
    url: element.url,
    fallback: element.fallback,
  }),
};

/** The inline nodes of a rich text section's elements. */
export function readElements(elements) {
  return (elements ?? []).map((element) => {
    const read = READ[element.type];
    return read ? styled(element, read(element)) : { kind: `unknown:${element.type}` };
  });
}

const inline = (part, names) => drawInline(readElements(part.elements), names);

/** One paragraph; its own line breaks are kept. */
function section(part, names) {
  return h("p", { class: "rich-section" }, inline(part, names));
}

const NUMBERS = ["list-decimal", "list-alpha", "list-roman"];
const BULLETS = ["list-disc", "list-circle", "list-square"];

function listElement(part) {
  const ordered = part.style === "ordered";
  const indent = part.indent ?? 0;
  const props = { class: (ordered ? NUMBERS : BULLETS)[indent % 3] + (part.border ? " rich-border" : "") };
  if (ordered && part.offset) props.start = part.offset + 1;
  return h(ordered ? "ol" : "ul", props);
}

/** Consecutive rich_text_list parts become one tree: a deeper indent hangs under the last item above it. */
function lists(parts, names) {
  const roots = [];
  const stack = [];
  for (const part of parts) {
    const indent = part.indent ?? 0;
    while (stack.length && stack.at(-1).indent > indent) stack.pop();
    let top = stack.at(-1);
    if (!top || top.indent < indent || top.style !== part.style) {
      if (top?.indent === indent) stack.pop();
      const parent = stack.at(-1)?.list.lastElementChild;
      const list = listElement(part);
      if (parent) parent.append(list);
      else roots.push(list);
      top = { indent, style: part.style, list };
      stack.push(top);
    }
    for (const item of part.elements ?? []) top.list.append(h("li", {}, inline(item, names)));
  }
  return roots;
}

/** A rich_text block (also a table cell of that type). */
export function richText(block, { names }) {
  const drawn = [];
  let run = [];
  const flush = () => {
    if (run.length) drawn.push(...lists(run, names));
    run = [];
  };
  for (const part of block.elements ?? []) {
    if (part.type === "rich_text_list") {
      run.push(part);
      continue;
    }
    flush();
    if (part.type === "rich_text_quote") drawn.push(h("blockquote", {}, inline(part, names)));
    else if (part.type === "rich_text_preformatted") drawn.push(h("pre", {}, h("code", {}, inline(part, names))));
    else drawn.push(section(part, names));
  }
  flush();
  return h("div", { class: "rich" }, drawn);
}
