/** Builds elements from values; text always goes in as text, and a link can only lead to a web page or a mail. */

const SVG = "http://www.w3.org/2000/svg";

/** A link that may be followed (http, https, mailto or a place on this page), or null. */
export function safeHref(value) {
  const text = String(value ?? "").trim();
  if (text.startsWith("#")) return text;
  try {
    const url = new URL(text);
    return ["http:", "https:", "mailto:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** A picture this page may load (only from its own address), or null. */
export function safeSource(value) {
  try {
    const url = new URL(String(value ?? ""), location.href);
    return url.origin === location.origin && /^https?:$/.test(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

function setProperty(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "on") {
    for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
  } else if (name === "data") {
    for (const [key, item] of Object.entries(value)) if (item !== undefined) node.dataset[key] = item;
  } else if (name === "href") {
    const href = safeHref(value);
    if (href) node.setAttribute("href", href);
  } else if (name === "src") {
    const source = safeSource(value);
    if (source) node.setAttribute("src", source);
  } else if (name === "value" || name === "checked" || name === "disabled" || name === "selected") {
    node[name] = value;
  } else {
    node.setAttribute(name, value === true ? "" : String(value));
  }
}

function fill(node, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) setProperty(node, name, value);
  append(node, children);
  return node;
}

/** Appends strings as text and nodes as they are; lists are flattened, null and false are left out. */
export function append(node, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : String(child));
  }
  return node;
}

/** An HTML element: h("p", {class: "hint"}, "text", child). */
export function h(tag, props, ...children) {
  return fill(document.createElement(tag), props, children);
}

/** An SVG element. */
export function s(tag, props, ...children) {
  return fill(document.createElementNS(SVG, tag), props, children);
}

/** Replaces everything inside a node. */
export function refill(node, ...children) {
  node.replaceChildren();
  return append(node, children);
}

/** Brings a parent's children into the given order, touching only those that moved, came or went. */
export function arrange(parent, wanted) {
  const keep = new Set(wanted);
  for (const child of [...parent.childNodes]) if (!keep.has(child)) child.remove();
  wanted.forEach((node, index) => {
    if (parent.childNodes[index] !== node) parent.insertBefore(node, parent.childNodes[index] ?? null);
  });
}

/** Gives the focus back to a control, or to what holds it when it is not shown at the moment. */
export function giveBack(node) {
  if (!node?.isConnected) return;
  node.focus();
  if (document.activeElement !== node) node.parentElement.closest("[tabindex]:not([tabindex='-1'])")?.focus();
}

let counter = 0;

/** An id that no other element of this page has. */
export function freshId(prefix = "e") {
  counter += 1;
  return `${prefix}-${counter}`;
}

const ICONS = {
  reply: "M4 5h16v11H10l-4 4v-4H4z",
  react: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M8.5 14c.8 1.4 2 2 3.5 2s2.7-.6 3.5-2M9 9.5v.5M15 9.5v.5",
  edit: "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
  remove: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  inspect: "M8 7l-5 5 5 5M16 7l5 5-5 5",
  close: "M6 6l12 12M18 6L6 18",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  menu: "M4 7h16M4 12h16M4 17h16",
  send: "M4 12l16-8-6 16-3-6z",
  down: "M12 5v14M6 13l6 6 6-6",
  theme: "M12 3a9 9 0 1 0 9 9 7 7 0 0 1-9-9z",
  lock: "M6 11h12v9H6zM9 11V8a3 3 0 0 1 6 0v3",
  file: "M7 3h7l4 4v14H7zM14 3v4h4M10 12h5M10 16h5",
  link: "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1",
};

/** A line icon by name; it is decoration, the button around it carries the words. */
export function icon(name) {
  return s(
    "svg",
    { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" },
    s("path", { d: ICONS[name] }),
  );
}

/** A button that shows an icon and says its words to everyone who points at it or listens. */
export function iconButton(name, label, click, extra = {}) {
  const { class: more = "", ...rest } = extra;
  return h(
    "button",
    { type: "button", class: `icon-button ${more}`, title: label, "aria-label": label, on: { click }, ...rest },
    icon(name),
  );
}
