/** Edits one's own message where it stands: Enter saves, Esc leaves it as it was. */
import { h } from "./dom.js";
import { errorWords } from "./errors.js";
import { unescapeEntities } from "./mrkdwn.js";

/** Text as a person would type it again: mentions as @name, entities as characters, the rest as it was. */
function typedAgain(message, store) {
  const typed = String(message.text ?? "")
    .replace(/<@(\w+)(?:\|[^>]*)?>/g, (_, id) => `@${store.users.get(id)?.name ?? id}`)
    .replace(/<#(\w+)(?:\|[^>]*)?>/g, (_, id) => `#${store.channelName(id)}`)
    .replace(/<([^>|]+)(?:\|[^>]*)?>/g, "$1");
  return unescapeEntities(typed);
}

/** A form in place of a message's content; `done` is called when it may go. */
export function editor(message, actions, store, done) {
  const field = h("textarea", { class: "composer-text", rows: "2", "aria-label": "Edit your message", value: typedAgain(message, store) });
  const trouble = h("p", { class: "trouble", role: "alert" });
  const save = async () => {
    const text = field.value.trim();
    if (!text) return;
    const answer = await actions.edit(message, text);
    if (answer.ok) done();
    else trouble.textContent = errorWords(answer.error, "Not saved.");
  };
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      done();
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      save();
    }
  });
  return h(
    "form",
    { class: "editor", on: { submit: (event) => (event.preventDefault(), save()) } },
    field,
    trouble,
    h(
      "div",
      { class: "editor-buttons" },
      h("button", { type: "button", class: "button button-small", on: { click: done } }, "Cancel"),
      h("button", { type: "submit", class: "button button-small button-primary" }, "Save"),
    ),
  );
}
