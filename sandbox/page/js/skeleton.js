/** What stands where messages will be: grey lines while they load, kind words when there are none or they fail. */
import { h, icon } from "./dom.js";

/** Three grey messages. */
export function loading() {
  const line = (width) => h("span", { class: `bone bone-${width}` });
  const row = (widths) => h("div", { class: "bones" }, h("span", { class: "bone bone-face" }), h("div", { class: "bone-lines" }, widths.map(line)));
  return h("li", { class: "skeleton", "aria-label": "Loading messages" }, row(["short", "long"]), row(["short", "middle", "long"]), row(["short", "middle"]));
}

/** Where a channel's history starts; in one that is empty, with a command to try. */
export function beginning(channel, title, command, tryIt) {
  const about = channel?.is_im
    ? `This is the start of your messages with ${title}.`
    : `This is where ${title} starts.${channel?.topic ? ` ${channel.topic}.` : ""}`;
  return h(
    "li",
    { class: "beginning" },
    h("h3", {}, channel?.is_private ? icon("lock") : null, title),
    h("p", {}, about),
    command ? h("p", {}, "Try ", h("button", { type: "button", class: "chip", on: { click: () => tryIt(command) } }, command)) : null,
  );
}

/** Loading failed. */
export function failed(words, again) {
  return h("li", { class: "nothing" }, h("p", {}, words), h("button", { type: "button", class: "button", on: { click: again } }, "Try again"));
}
