/** Draws the blocks that are words and pictures: section, header, context, divider, image, markdown, alert. */
import { h } from "../dom.js";
import { drawMarkdown } from "../markdown.js";
import { element } from "./elements.js";
import { picture, textNodes } from "./words.js";

export function section(block, context) {
  const main = h("div", { class: "section-main" });
  if (block.text) main.append(h("div", { class: "text" }, textNodes(block.text, context.names)));
  if (block.fields?.length) {
    const fields = block.fields.map((field) => h("div", { class: "field text" }, textNodes(field, context.names)));
    main.append(h("div", { class: "fields" }, fields));
  }
  const accessory = block.accessory && h("div", { class: "accessory" }, element(block.accessory, block, context));
  return h("div", { class: "section" }, main, accessory);
}

export function header(block, { names }) {
  return h("h3", { class: "header" }, textNodes(block.text, names));
}

export function context(block, surroundings) {
  const parts = (block.elements ?? []).map((item) =>
    item.type === "image"
      ? picture(item, "context-picture")
      : h("span", { class: "text" }, textNodes(item, surroundings.names)),
  );
  return h("div", { class: "context" }, parts);
}

export const divider = () => h("hr", {});

export function image(block, { names }) {
  const title = block.title && h("figcaption", {}, textNodes(block.title, names));
  return h("figure", { class: "picture" }, title, picture(block, "picture-large"));
}

export const markdown = (block, { names }) => h("div", { class: "rich" }, drawMarkdown(block.text ?? "", names));

const LEVELS = new Set(["default", "info", "warning", "error", "success"]);

export function alert(block, { names }) {
  const level = LEVELS.has(block.level) ? block.level : "default";
  const text = typeof block.text === "string" ? { type: "mrkdwn", text: block.text } : block.text;
  return h("div", { class: `alert alert-${level}`, role: "note" }, textNodes(text, names));
}
