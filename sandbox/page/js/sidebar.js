/** The left side: the workspace's name, channels and direct messages with what is unread, and who one speaks as. */
import { avatar } from "./avatar.js";
import { h, icon, iconButton, refill } from "./dom.js";
import { themeWords } from "./theme.js";

const sorted = (channels) => [...channels].sort((one, two) => one.label.localeCompare(two.label, "en"));

function place(store, channel) {
  const here = store.place.channel === channel.id;
  const unread = here ? 0 : (channel.unread ?? 0);
  const words = unread ? `, ${unread} unread message${unread === 1 ? "" : "s"}` : "";
  const person = channel.is_im && store.users.get(channel.user);
  const face = channel.is_im
    ? avatar({ id: channel.user, name: channel.label, color: person?.color, isBot: person?.is_bot }, "avatar-tiny")
    : h("span", { class: "hash", "aria-hidden": "true" }, channel.is_private ? icon("lock") : "#");
  return h(
    "li",
    {},
    h(
      "a",
      {
        class: `place${unread ? " place-unread" : ""}${here ? " place-here" : ""}`,
        href: `#${channel.id}`,
        title: channel.label,
        tabindex: here ? "0" : "-1",
        "aria-current": here ? "page" : null,
        data: { focus: `place/${channel.id}` },
      },
      face,
      h("span", { class: "place-name" }, channel.label),
      unread ? h("span", { class: "badge", "aria-hidden": "true" }, unread > 99 ? "99+" : unread) : null,
      h("span", { class: "unseen" }, words),
    ),
  );
}

function places(store, title, channels) {
  const id = `places-${title.toLowerCase().replace(/\W/g, "-")}`;
  return h(
    "section",
    { class: "places", "aria-labelledby": id },
    h("h2", { id }, title),
    channels.length
      ? h("ul", {}, sorted(channels).map((channel) => place(store, channel)))
      : h("p", { class: "places-empty" }, "None yet"),
  );
}

function speakers(store, speakAs) {
  const people = store.people();
  const rows = people.map((user) => {
    const name = store.userName(user.id);
    const radio = h("input", {
      type: "radio",
      name: "speaker",
      value: user.id,
      checked: user.id === store.me,
      data: { focus: `speaker/${user.id}` },
      on: { change: () => speakAs(user.id) },
    });
    const face = avatar({ id: user.id, name, color: user.color }, "avatar-small");
    return h("label", { class: "speaker", title: `${name} · ${user.tz || "UTC"}` }, radio, face, h("span", { class: "unseen" }, name));
  });
  const now = store.users.get(store.me);
  return h(
    "fieldset",
    { class: "speakers" },
    h("legend", {}, "Speak as"),
    h("div", { class: "speaker-faces" }, rows),
    now && h("p", { class: "speaker-now" }, h("b", {}, store.userName(now.id)), h("span", {}, now.tz || "UTC")),
  );
}

const placesIn = (node) => [...node.querySelectorAll(".place")];

/** The places are one stop of the Tab key: the last one that was focused, else the one that is shown. */
function makeStop(node, stop) {
  const all = placesIn(node);
  const chosen = stop ?? all.find((one) => one.tabIndex === 0) ?? all[0];
  for (const one of all) one.tabIndex = one === chosen ? 0 : -1;
}

/** Arrows, Home and End go from place to place. */
function onArrow(node, event) {
  const all = placesIn(node);
  const at = all.indexOf(event.target);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (at < 0 || to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const next = all[(to + all.length) % all.length];
  makeStop(node, next);
  next.focus();
}

/** Draws the sidebar again whenever the state or the place changes. */
export function mountSidebar(node, store, { speakAs, toggleTheme, close, entered }) {
  const status = () => {
    if (store.connected === null) return null;
    const name = store.bot.id ? store.userName(store.bot.id) : "The app";
    const words = `${name} is ${store.connected ? "connected" : "not connected"}`;
    return h("p", { class: `presence ${store.connected ? "presence-on" : ""}` }, words);
  };
  const draw = () => {
    const focus = node.contains(document.activeElement) ? document.activeElement.dataset.focus : null;
    const labelled = [...store.channels.values()].map((channel) => ({ ...channel, label: store.channelName(channel.id) }));
    const top = node.querySelector(".places-all")?.scrollTop ?? 0;
    refill(
      node,
      h(
        "div",
        { class: "sidebar-head" },
        h("div", { class: "brand" }, h("span", { class: "brand-mark", "aria-hidden": "true" }), h("h1", { title: store.team.name }, store.team.name || "Rundown sandbox")),
        h("div", { class: "sidebar-tools" }, iconButton("theme", themeWords(), toggleTheme, { data: { focus: "theme" } }), iconButton("close", "Close the list of channels", close, { class: "only-narrow" })),
      ),
      status(),
      h(
        "div",
        { class: "places-all" },
        places(store, "Channels", labelled.filter((channel) => !channel.is_im)),
        places(store, "Direct messages", labelled.filter((channel) => channel.is_im)),
      ),
      speakers(store, speakAs),
    );
    node.querySelector(".places-all").scrollTop = top;
    const again = focus && node.querySelector(`[data-focus="${CSS.escape(focus)}"]`);
    makeStop(node, again?.matches(".place") ? again : undefined);
    again?.focus();
    const elsewhere = [...store.channels.values()].filter((channel) => channel.id !== store.place.channel);
    const total = elsewhere.reduce((sum, channel) => sum + (channel.unread ?? 0), 0);
    const here = store.place.channel && store.channelName(store.place.channel);
    document.title = `${total ? `(${total}) ` : ""}${here ? `${here} · ` : ""}Rundown sandbox`;
  };
  for (const kind of ["state", "place", "presence"]) store.on(kind, draw);
  node.addEventListener("keydown", (event) => onArrow(node, event));
  // A press of Enter on a link is a click without a pointer.
  node.addEventListener("click", (event) => event.target.closest(".place") && event.detail === 0 && entered());
  draw();
}
