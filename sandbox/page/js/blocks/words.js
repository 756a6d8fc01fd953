/** Draws the two things nearly every block holds: text objects and pictures. */
import { h, safeHref, safeSource } from "../dom.js";
import { drawInline, wordsOf } from "../inline.js";
import { readMrkdwn, readPlain } from "../mrkdwn.js";

/** A text object (mrkdwn or plain_text) as nodes. */
export function textNodes(text, names) {
  if (!text) return [];
  const read = text.type === "mrkdwn" ? readMrkdwn(text.text) : readPlain(text.text, text.emoji !== false);
  return drawInline(read, names);
}

/** A small or large picture; one that lies elsewhere is named and linked, since this page loads nothing from outside. */
export function picture(image, className) {
  const held = image.slack_file ?? {};
  const url = image.image_url ?? held.url ?? (held.id ? `/files/${held.id}/picture` : "");
  const alt = image.alt_text ?? "";
  if (safeSource(url)) return h("img", { class: className, src: url, alt, title: alt, loading: "lazy" });
  const href = safeHref(url);
  const label = alt || "Picture";
  return h(
    "span",
    { class: `${className} picture-outside`, title: `${label}\n${url}` },
    href ? h("a", { href, target: "_blank", rel: "noopener noreferrer" }, label) : label,
  );
}

/** A text object as plain words, for options, titles and labels. */
export function plainWords(text, names) {
  if (!text) return "";
  const read = text.type === "mrkdwn" ? readMrkdwn(text.text) : readPlain(text.text, text.emoji !== false);
  return wordsOf(read, names);
}
