/** Files below a message: pictures in place and large on a press, everything else by name, kind and size. */
import { openDialog } from "./dialog.js";
import { h, icon, iconButton, safeSource } from "./dom.js";

const PICTURES = /^image\/(png|jpeg|gif|webp)$/;
const STEPS = ["B", "kB", "MB", "GB"];

/** "12 kB". */
function size(bytes) {
  let [left, step] = [Number(bytes) || 0, 0];
  while (left >= 1000 && step < STEPS.length - 1) [left, step] = [left / 1000, step + 1];
  return `${left < 10 && step ? left.toFixed(1) : Math.round(left)} ${STEPS[step]}`;
}

function large(file, words) {
  const dialog = h("dialog", { class: "dialog dialog-picture", "aria-labelledby": "picture-title" });
  dialog.append(
    h("div", { class: "dialog-head" }, h("h2", { id: "picture-title" }, file.title || file.name), iconButton("close", "Close", () => dialog.close(""))),
    h("img", { src: file.url_private, alt: words }),
  );
  return openDialog(dialog);
}

function picture(file) {
  const words = file.alt_txt || file.title || file.name;
  const open = () => large(file, words);
  const look = h("button", { type: "button", class: "file-picture", "aria-label": `Enlarge: ${words}`, on: { click: open } }, h("img", { src: file.url_private, alt: "", loading: "lazy" }));
  return h("figure", { class: "file" }, h("figcaption", {}, file.title || file.name), look);
}

function other(file) {
  const kind = (file.filetype || "file").toUpperCase();
  const words = [h("b", {}, file.title || file.name), h("span", { class: "file-about" }, `${kind} · ${size(file.size)}`)];
  const source = safeSource(file.url_private);
  const inside = [h("span", { class: "file-icon" }, icon("file")), h("span", { class: "file-words" }, words)];
  return source ? h("a", { class: "file-chip", href: source, download: file.name }, inside) : h("span", { class: "file-chip" }, inside);
}

/** A row for a message's files, or null. */
export function fileRow(message) {
  const files = message.files ?? [];
  if (!files.length) return null;
  const shown = (file) => (PICTURES.test(file.mimetype ?? "") && safeSource(file.url_private) ? picture(file) : other(file));
  return h("div", { class: "files" }, files.map(shown));
}
