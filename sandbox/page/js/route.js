/** The address of a place: #C1 is a channel, #C1/p1700000000.000100 a message and its thread. */

/** {channel, message} of a hash; Slack's p1700000000000100 is read too. */
export function readPlace(hash) {
  const [, channel = "", ts = ""] = hash.match(/^#([A-Z0-9]+)(?:\/p([\d.]+))?$/) ?? [];
  const digits = ts.replace(".", "");
  return { channel, message: digits.length > 6 ? `${digits.slice(0, -6)}.${digits.slice(-6)}` : "" };
}

/** The hash of a channel or of a thread in it. */
export function placeHash(channel, thread = "") {
  return thread ? `#${channel}/p${thread}` : `#${channel}`;
}
