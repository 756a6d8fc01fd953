/** What could be meant by what has been typed so far: commands, their words, people, channels, emoji. Pure. */
import { emojiFor, findEmoji } from "./emoji.js";

/**
 * The words of a command from its usage hint, "latest [experiment] | show RUN | help".
 * Each is {word, rest}, the rest being what may follow it.
 */
export function commandWords(hint) {
  const words = new Map();
  for (const part of String(hint ?? "").split(/\s+[|·]\s+/)) {
    const [word, ...rest] = part.trim().split(/\s+/);
    if (/^[a-z][a-z-]*$/.test(word) && !words.has(word)) words.set(word, rest.join(" "));
  }
  return [...words].map(([word, rest]) => ({ word, rest }));
}

function forCommands(typed, commands) {
  const found = commands.filter((one) => one.command.startsWith(typed));
  const entries = found.map((one) => ({
    label: one.command,
    detail: one.description || one.usage_hint || "",
    insert: `${one.command} `,
    whole: one.command,
  }));
  return { entries, from: 0, eager: true, title: "Commands" };
}

function forWords(text, commands) {
  const [, name, typed] = text.match(/^(\/\S+)\s+(\S*)$/) ?? [];
  const command = commands.find((one) => one.command === name);
  if (!command) return null;
  const entries = commandWords(command.usage_hint)
    .filter(({ word }) => word.startsWith(typed) && word !== typed)
    .map(({ word, rest }) => ({ label: `${name} ${word}`, detail: rest, insert: `${word} `, whole: word }));
  return { entries, from: text.length - typed.length, eager: false, title: command.description || name };
}

function matching(entries, typed, limit = 8) {
  const wanted = typed.toLowerCase();
  return entries
    .filter(({ search }) => search.some((word) => word.toLowerCase().startsWith(wanted)))
    .slice(0, limit);
}

/**
 * Entries for the text before the caret as {entries: [{label, detail, insert, whole}], from, eager, title} or null.
 * `from` is where the completed word starts; `eager` says that Enter takes the first entry.
 */
export function complete(before, { commands, users, channels, inThread }) {
  if (/^\/\S*$/.test(before)) return inThread ? null : forCommands(before, commands);
  const words = !inThread && before.startsWith("/") ? forWords(before, commands) : null;
  if (words) return words;
  const [, mark, typed] = before.match(/(?:^|[\s(])([@#:])([\p{L}\p{N}._+-]*)$/u) ?? [];
  if (mark === undefined) return null;
  const from = before.length - typed.length - 1;
  if (mark === "@") {
    const entries = users.map((user) => ({
      label: `@${user.name}`,
      detail: user.real_name ?? "",
      insert: `@${user.name} `,
      whole: `@${user.name}`,
      search: [user.name, ...(user.real_name ?? "").split(/\s+/)],
    }));
    return { entries: matching(entries, typed), from, eager: true, title: "People" };
  }
  if (mark === "#") {
    const entries = channels.map(({ name, topic }) => ({
      label: `#${name}`,
      detail: topic ?? "",
      insert: `#${name} `,
      whole: `#${name}`,
      search: [name, ...name.split("-")],
    }));
    return { entries: matching(entries, typed), from, eager: true, title: "Channels" };
  }
  if (typed.length < 2) return null;
  const entries = findEmoji(typed).map((name) => ({
    label: `${emojiFor(name)}  :${name}:`,
    detail: "",
    insert: `${emojiFor(name)} `,
    whole: `:${name}`,
  }));
  return { entries, from, eager: true, title: "Emoji" };
}
