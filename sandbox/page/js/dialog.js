/** Small questions in front of the page: confirm, and a look at raw JSON. The browser's own dialog keeps the focus. */
import { giveBack, h, iconButton } from "./dom.js";
import { plainWords, textNodes } from "./blocks/words.js";

/** Opens a dialog, gives focus back afterwards, and answers with its closing value. */
export function openDialog(dialog) {
  const before = document.activeElement;
  document.body.append(dialog);
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      const value = dialog.returnValue;
      dialog.remove();
      giveBack(before);
      resolve(value);
    });
    dialog.showModal();
  });
}

/** Asks a Block Kit confirm object ({title, text, confirm, deny, style}); true when the person agreed. */
export async function confirmDialog(question, names) {
  const danger = question.style === "danger";
  const yes = plainWords(question.confirm, names) || "Yes";
  const no = plainWords(question.deny, names) || "Cancel";
  const dialog = h("dialog", { class: "dialog dialog-small", "aria-labelledby": "confirm-title" });
  const answer = (value) => () => dialog.close(value);
  dialog.append(
    h("h2", { id: "confirm-title" }, plainWords(question.title, names) || "Are you sure?"),
    h("div", { class: "text" }, question.text ? textNodes(question.text, names) : null),
    h(
      "div",
      { class: "dialog-buttons" },
      h("button", { type: "button", class: "button", on: { click: answer("") } }, no),
      h("button", { type: "button", class: `button ${danger ? "button-danger" : "button-primary"}`, on: { click: answer("yes") } }, yes),
    ),
  );
  return (await openDialog(dialog)) === "yes";
}

/** Shows a value as JSON, so that a template's author sees what was sent. */
export function showJson(title, value) {
  const dialog = h("dialog", { class: "dialog dialog-wide", "aria-labelledby": "json-title" });
  dialog.append(
    h(
      "div",
      { class: "dialog-head" },
      h("h2", { id: "json-title" }, title),
      iconButton("close", "Close", () => dialog.close("")),
    ),
    h("pre", { class: "json", tabindex: "0" }, h("code", {}, JSON.stringify(value, null, 2))),
  );
  return openDialog(dialog);
}
