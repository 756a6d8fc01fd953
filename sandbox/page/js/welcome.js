/** A few words for who is here for the first time: what this is, and what to type. Gone for good once dismissed. */
import { h, iconButton } from "./dom.js";

const KEY = "rundown-sandbox-welcomed";

/** What README.md's first five minutes ask, for the app's first command. */
const TRIES = ["", "latest", "compare latest previous", "search metrics.val_auc > 0.9"];

/** A region to put above the messages, or null; `start(text)` puts a text into the message box. */
export function welcome(store, start) {
  const command = store.commands[0]?.command;
  if (!command || localStorage.getItem(KEY)) return null;
  const bot = store.userName(store.bot.id, "The app");
  const home = [...store.channels.values()].find((one) => !one.is_im && one.member_ids?.includes(store.bot.id));
  const dismiss = () => {
    localStorage.setItem(KEY, "yes");
    node.remove();
    start("");
  };
  const chips = TRIES.map((words) => {
    const text = `${command} ${words}`.trim();
    return h("li", {}, h("button", { type: "button", class: "chip", on: { click: () => start(text) } }, text));
  });
  const node = h(
    "section",
    { class: "welcome", "aria-labelledby": "welcome-title" },
    h("h3", { id: "welcome-title" }, "Welcome to your own little Slack"),
    h("p", {}, `Training runs become cards ${home ? `in #${home.name}` : "here"}, and their threads hold what is said about them. To ask ${bot} something, pick one of these and press Enter:`),
    h("ul", { class: "chips" }, chips),
    iconButton("close", "Dismiss the welcome", dismiss, { class: "welcome-close" }),
  );
  return node;
}
