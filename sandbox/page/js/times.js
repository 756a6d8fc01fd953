/** Says when things were, in the time zone of the person who reads. */

const LOCALE = "en-GB";
const formats = new Map();

function format(zone, options) {
  const key = zone + JSON.stringify(options);
  if (!formats.has(key)) {
    let made;
    try {
      made = new Intl.DateTimeFormat(LOCALE, { ...options, timeZone: zone || undefined });
    } catch {
      made = new Intl.DateTimeFormat(LOCALE, options);
    }
    formats.set(key, made);
  }
  return formats.get(key);
}

const toDate = (seconds) => new Date(Number(seconds) * 1000);
const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

/** "14:02". */
export function clock(seconds, zone) {
  return format(zone, CLOCK).format(toDate(seconds));
}

/** "Monday 3 November 2025 at 14:02:11 CET": the full date for titles. */
export function full(seconds, zone) {
  const day = { weekday: "long", day: "numeric", month: "long", year: "numeric" };
  const time = { ...CLOCK, second: "2-digit", timeZoneName: "short" };
  const at = toDate(seconds);
  return `${format(zone, day).format(at)}, ${format(zone, time).format(at)}`;
}

/** A key that two moments share when they fall on one day of the reader. */
export function dayKey(seconds, zone) {
  return format(zone, { year: "numeric", month: "2-digit", day: "2-digit" }).format(toDate(seconds));
}

/** "Today", "Yesterday", or "Monday 3 November" (with the year when it is another one). */
export function dayLabel(seconds, zone, now = Date.now() / 1000) {
  const key = dayKey(seconds, zone);
  if (key === dayKey(now, zone)) return "Today";
  if (key === dayKey(now - 86400, zone)) return "Yesterday";
  const year = format(zone, { year: "numeric" });
  const same = year.format(toDate(seconds)) === year.format(toDate(now));
  const options = { weekday: "long", day: "numeric", month: "long", ...(same ? {} : { year: "numeric" }) };
  return format(zone, options).format(toDate(seconds));
}

/** "14:02" today, "3 Nov 14:02" on other days. */
export function shortly(seconds, zone, now = Date.now() / 1000) {
  if (dayKey(seconds, zone) === dayKey(now, zone)) return clock(seconds, zone);
  return `${format(zone, { day: "numeric", month: "short" }).format(toDate(seconds))} ${clock(seconds, zone)}`;
}

const STEPS = [
  [60, 1, "second"],
  [3600, 60, "minute"],
  [86400, 3600, "hour"],
  [7 * 86400, 86400, "day"],
  [30 * 86400, 7 * 86400, "week"],
  [365 * 86400, 30 * 86400, "month"],
  [Infinity, 365 * 86400, "year"],
];

/** "3 minutes ago", "in 2 hours", "just now". */
export function ago(seconds, now = Date.now() / 1000) {
  const distance = Number(seconds) - now;
  const size = Math.abs(distance);
  if (size < 10) return "just now";
  const [, unit, name] = STEPS.find(([limit]) => size < limit);
  const count = Math.round(size / unit);
  const words = `${count} ${name}${count === 1 ? "" : "s"}`;
  return distance < 0 ? `${words} ago` : `in ${words}`;
}

function pretty(seconds, zone, now, fallback) {
  for (const [shift, word] of [
    [0, "today"],
    [-86400, "yesterday"],
    [86400, "tomorrow"],
  ]) {
    if (dayKey(seconds, zone) === dayKey(now + shift, zone)) return word;
  }
  return fallback;
}

/** Slack's date format string ("{date_short} at {time}") with its tokens filled in. */
export function fillDate(pattern, seconds, zone, now = Date.now() / 1000) {
  const at = toDate(seconds);
  const on = (options) => format(zone, options).format(at);
  const date = on({ day: "numeric", month: "long", year: "numeric" });
  const short = on({ day: "numeric", month: "short", year: "numeric" });
  const long = on({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
  const tokens = {
    date_num: () => new Intl.DateTimeFormat("sv-SE", { timeZone: zone || undefined }).format(at),
    date: () => date,
    date_slash: () => on({ day: "2-digit", month: "2-digit", year: "numeric" }),
    date_short: () => short,
    date_long: () => long,
    date_pretty: () => pretty(seconds, zone, now, date),
    date_short_pretty: () => pretty(seconds, zone, now, short),
    date_long_pretty: () => pretty(seconds, zone, now, long),
    day_divider_pretty: () => dayLabel(seconds, zone, now),
    time: () => clock(seconds, zone),
    time_secs: () => on({ ...CLOCK, second: "2-digit" }),
    ago: () => ago(seconds, now),
  };
  return String(pattern).replace(/\{(\w+)\}/g, (whole, token) => (tokens[token] ? tokens[token]() : whole));
}
