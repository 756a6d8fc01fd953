/** Reactions below a message, and the small picker to add one. */
import { giveBack, h, refill } from "./dom.js";
import { FAVOURITES, emojiFor, findEmoji } from "./emoji.js";

function list(people) {
  if (people.length < 2) return people.join("");
  return `${people.slice(0, -1).join(", ")} and ${people.at(-1)}`;
}

function face(name) {
  const character = emojiFor(name);
  if (!character) return h("span", { class: "emoji-unknown" }, `:${name}:`);
  return h("span", { class: "emoji", role: "img", "aria-label": name.replace(/_/g, " ") }, character);
}

/** The row of reactions; each is a switch, its title says who reacted. */
export function reactionRow(message, store, actions) {
  const shown = (message.reactions ?? []).filter((reaction) => (reaction.count ?? reaction.users?.length) > 0);
  if (!shown.length) return null;
  const pills = shown.map((reaction) => {
    const users = reaction.users ?? [];
    const mine = users.includes(store.me);
    const who = list(users.map((id) => (id === store.me ? "you" : store.userName(id))));
    const words = `${who} reacted with :${reaction.name}:`;
    return h(
      "button",
      {
        type: "button",
        class: `reaction${mine ? " reaction-mine" : ""}`,
        "aria-pressed": String(mine),
        title: words.charAt(0).toUpperCase() + words.slice(1),
        data: { focus: `reaction/${reaction.name}` },
        on: { click: () => actions.react(message, reaction.name, !mine) },
      },
      face(reaction.name),
      h("span", { class: "reaction-count" }, reaction.count ?? users.length),
    );
  });
  return h("div", { class: "reactions" }, pills);
}

const ACROSS = 8;
const ARROWS = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: ACROSS, ArrowUp: -ACROSS };

let closeOpen = null;

function placeBeside(picker, anchor) {
  const box = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = picker;
  const top = box.bottom + height + 8 > innerHeight ? Math.max(8, box.top - height - 6) : box.bottom + 6;
  picker.style.top = `${top}px`;
  picker.style.left = `${Math.max(8, Math.min(box.right - width, innerWidth - width - 8))}px`;
}

/** Opens the picker beside a button; `choose` gets the short code. Esc and a press elsewhere close it. */
export function pickReaction(anchor, choose) {
  closeOpen?.();
  const grid = h("div", { class: "picker-grid" });
  const field = h("input", { type: "text", class: "text-input", placeholder: "Find an emoji", "aria-label": "Find an emoji" });
  const picker = h("div", { class: "picker", role: "dialog", "aria-label": "Pick a reaction" }, field, grid);
  const close = () => {
    picker.remove();
    document.removeEventListener("pointerdown", outside, true);
    closeOpen = null;
  };
  const outside = (event) => picker.contains(event.target) || close();
  const take = (name) => {
    close();
    giveBack(anchor);
    choose(name);
  };
  const draw = () => {
    const typed = field.value.trim().toLowerCase().replace(/:/g, "");
    const found = typed ? findEmoji(typed, 16) : FAVOURITES;
    const entries = found.map((name) =>
      h("button", { type: "button", class: "picker-emoji", title: `:${name}:`, "aria-label": name.replace(/_/g, " "), on: { click: () => take(name) } }, emojiFor(name)),
    );
    refill(grid, entries.length ? entries : h("p", { class: "hint" }, "No emoji by that name here."));
  };
  field.addEventListener("input", draw);
  picker.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      close();
      giveBack(anchor);
    } else if (ARROWS[event.key]) {
      const all = [...grid.querySelectorAll("button")];
      const now = all.indexOf(document.activeElement);
      if (now < 0 && event.key !== "ArrowDown") return;
      event.preventDefault();
      const next = now < 0 ? 0 : now + ARROWS[event.key];
      (next < 0 ? field : (all[next] ?? document.activeElement)).focus();
    } else if (event.key === "Enter" && event.target === field) {
      event.preventDefault();
      grid.querySelector("button")?.click();
    }
  });
  draw();
  document.body.append(picker);
  placeBeside(picker, anchor);
  picker.addEventListener("focusout", (event) => event.relatedTarget && !picker.contains(event.relatedTarget) && close());
  document.addEventListener("pointerdown", outside, true);
  closeOpen = close;
  field.focus();
}
