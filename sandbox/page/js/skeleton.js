/** What stands where messages will be: grey lines while they load, kind words when there are none or they fail. */
import { h } from "./dom.js";

/** Three grey messages. */
export function loading() {
  const line = (width) => h("span", { class: `bone bone-${width}` });
  const row = (widths) => h("div", { class: "bones" }, h("span", { class: "bone bone-face" }), h("div", { class: "bone-lines" }, widths.map(line)));
  return h("li", { class: "skeleton", "aria-label": "Loading messages" }, row(["short", "long"]), row(["short", "middle", "long"]), row(["short", "middle"]));
}

/** An empty channel, with a command to try when there is one. */
export function nothingHere(command, tryIt) {
  return h(
    "li",
    { class: "nothing" },
    h("p", {}, "Nothing here yet."),
    command ? h("p", {}, "Try ", h("button", { type: "button", class: "try", on: { click: () => tryIt(command) } }, command)) : null,
  );
}

/** Loading failed. */
export function failed(words, again) {
  return h("li", { class: "nothing" }, h("p", {}, words), h("button", { type: "button", class: "button", on: { click: again } }, "Try again"));
}
