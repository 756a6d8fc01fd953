/** A person's or app's face: initials on their colour, since this page loads no pictures. */
import { h, s } from "./dom.js";

const HUES = 8;

function hueOf(text) {
  let sum = 0;
  for (const character of text) sum = (sum * 31 + character.codePointAt(0)) % 9973;
  return sum % HUES;
}

/** Up to two initials of a name, in any script. */
export function initials(name) {
  const parts = name.replace(/[^\p{L}\p{N}\s]/gu, "").trim().split(/\s+/).filter(Boolean);
  const picked = parts.length > 1 ? [parts[0], parts.at(-1)] : parts;
  return picked.map((part) => [...part][0].toUpperCase()).join("") || "?";
}

/** An avatar element; it is decoration, the name stands beside it. */
export function avatar({ id, name, color, isBot }, size = "") {
  const node = h("span", { class: `avatar hue-${hueOf(id || name)} ${size}`, "aria-hidden": "true" });
  if (isBot) {
    node.classList.add("avatar-bot");
    node.append(s("svg", { viewBox: "0 0 32 32" }, s("path", { d: "M9 22v-4M16 22V14M23 22V10" })));
    return node;
  }
  if (/^[0-9a-f]{6}$/i.test(color ?? "")) node.style.setProperty("--face", `#${color}`);
  node.append(initials(name));
  return node;
}
