/** The form controls of Block Kit: each is a node and a way to read its value in the shape Slack's state.values has. */
import { h, freshId } from "../dom.js";
import { drawInline } from "../inline.js";
import { readMrkdwn } from "../mrkdwn.js";
import { plainWords, textNodes } from "./words.js";

const optionsOf = (element) => [
  ...(element.options ?? []),
  ...(element.option_groups ?? []).flatMap((group) => group.options ?? []),
];

function optionNode(option, index, chosen, names) {
  const description = option.description ? ` (${plainWords(option.description, names)})` : "";
  const props = { value: String(index), selected: chosen.some((one) => one?.value === option.value) };
  return h("option", props, plainWords(option.text, names) + description);
}

/** A native select over options; `many` allows several. Values are positions, so that equal values stay apart. */
function selectOf(element, options, chosen, names, many, wrap) {
  let index = -1;
  const nodeFor = (option) => optionNode(option, (index += 1), chosen, names);
  const select = h("select", { class: "select", multiple: many, size: many ? Math.min(6, options.length) : null });
  if (!many) {
    const label = element.placeholder ? plainWords(element.placeholder, names) : "Choose…";
    select.append(h("option", { value: "", selected: chosen.length === 0 }, label));
  }
  if (element.option_groups) {
    for (const group of element.option_groups) {
      const label = plainWords(group.label, names);
      select.append(h("optgroup", { label }, (group.options ?? []).map(nodeFor)));
    }
  } else {
    select.append(...options.map(nodeFor));
  }
  const picked = () => [...select.selectedOptions].filter((one) => one.value !== "").map((one) => options[Number(one.value)]);
  return { node: select, read: () => ({ type: element.type, ...wrap(picked()) }), isEmpty: () => picked().length === 0 };
}

const one = (name, pick = (option) => option) => (picked) => ({ [name]: picked.length ? pick(picked[0]) : null });
const all = (name, pick = (option) => option) => (picked) => ({ [name]: picked.map(pick) });
const asOptions = (entries) =>
  entries.map(({ id, name }) => ({ text: { type: "plain_text", text: name, emoji: false }, value: id }));
const byId = (option) => option.value;

function ids(element, entries, initial, names, many, name) {
  const chosen = [initial ?? []].flat().map((value) => ({ value }));
  return selectOf(element, asOptions(entries), chosen, names, many, many ? all(name, byId) : one(name, byId));
}

function typed(kind, name, extra = {}) {
  return (element, names) => {
    const multiline = element.multiline || kind === "textarea";
    const initial = element[`initial_${name === "value" ? "value" : name.replace("selected_", "")}`] ?? "";
    const props = {
      class: "text-input",
      placeholder: element.placeholder ? plainWords(element.placeholder, names) : null,
      minlength: element.min_length,
      maxlength: element.max_length,
      min: element.min_value,
      max: element.max_value,
      ...extra,
    };
    const node = multiline
      ? h("textarea", { ...props, rows: "4", value: initial })
      : h("input", { ...props, type: kind, value: initial });
    const value = () => node.value || null;
    return { node, read: () => ({ type: element.type, [name]: value() }), isEmpty: () => !node.value.trim() };
  };
}

function choices(kind, many) {
  return (element, names) => {
    const options = optionsOf(element);
    const chosen = many ? (element.initial_options ?? []) : [element.initial_option].filter(Boolean);
    const group = freshId("choice");
    const boxes = options.map((option) => {
      const checked = chosen.some((picked) => picked.value === option.value);
      return h("input", { type: kind, name: group, checked });
    });
    const rows = options.map((option, index) =>
      h(
        "label",
        { class: "choice" },
        boxes[index],
        h(
          "span",
          { class: "text" },
          textNodes(option.text, names),
          option.description && h("small", {}, drawInline(readMrkdwn(option.description.text), names)),
        ),
      ),
    );
    const picked = () => options.filter((_, index) => boxes[index].checked);
    const wrap = many ? all("selected_options") : one("selected_option");
    const node = h("div", { class: "choices", role: many ? "group" : "radiogroup" }, rows);
    return { node, read: () => ({ type: element.type, ...wrap(picked()) }), isEmpty: () => picked().length === 0 };
  };
}

function moment(element) {
  const start = element.initial_date_time ? new Date(element.initial_date_time * 1000) : null;
  const local = start ? new Date(start - start.getTimezoneOffset() * 60000).toISOString().slice(0, 16) : "";
  const node = h("input", { class: "text-input", type: "datetime-local", value: local });
  const read = () => (node.value ? Math.floor(new Date(node.value).getTime() / 1000) : null);
  return { node, read: () => ({ type: element.type, selected_date_time: read() }), isEmpty: () => !node.value };
}

const CONTROLS = {
  static_select: (e, n) => selectOf(e, optionsOf(e), [e.initial_option].filter(Boolean), n, false, one("selected_option")),
  multi_static_select: (e, n) => selectOf(e, optionsOf(e), e.initial_options ?? [], n, true, all("selected_options")),
  users_select: (e, n) => ids(e, n.people(), e.initial_user, n, false, "selected_user"),
  multi_users_select: (e, n) => ids(e, n.people(), e.initial_users, n, true, "selected_users"),
  channels_select: (e, n) => ids(e, n.channels(), e.initial_channel, n, false, "selected_channel"),
  multi_channels_select: (e, n) => ids(e, n.channels(), e.initial_channels, n, true, "selected_channels"),
  conversations_select: (e, n) => ids(e, n.channels(), e.initial_conversation, n, false, "selected_conversation"),
  multi_conversations_select: (e, n) => ids(e, n.channels(), e.initial_conversations, n, true, "selected_conversations"),
  plain_text_input: typed("text", "value"),
  number_input: typed("number", "value", { step: "any" }),
  email_text_input: typed("email", "value"),
  url_text_input: typed("url", "value"),
  datepicker: typed("date", "selected_date"),
  timepicker: typed("time", "selected_time"),
  datetimepicker: moment,
  checkboxes: choices("checkbox", true),
  radio_buttons: choices("radio", false),
};

/** A control for an element as {node, read(), isEmpty()}, or null when this page does not know the element. */
export function control(element, names) {
  const make = CONTROLS[element.type];
  return make ? make(element, names) : null;
}
