/** Speaks to the sandbox's server: reads, posts, and the stream of what happens, with patient reconnecting. */

const FIRST_WAIT = 500;
const LONGEST_WAIT = 15000;

async function answerOf(response) {
  let body = null;
  try {
    body = await response.json();
  } catch {
    body = null;
  }
  if (body && typeof body === "object") {
    if (!response.ok && body.ok === undefined) body.ok = false;
    return body;
  }
  return { ok: false, error: `The sandbox answered with ${response.status}.` };
}

/** GET a JSON answer; throws when the sandbox cannot be reached or refuses. */
export async function read(path, parameters) {
  const response = await fetch(`sandbox/${path}?${new URLSearchParams(parameters)}`, { cache: "no-store" });
  const body = await answerOf(response);
  if (!response.ok) throw new Error(body.error || `The sandbox answered with ${response.status}.`);
  return body;
}

/** POST a JSON body; always answers {ok, error?}, also when nobody listens. */
export async function send(path, body) {
  try {
    const response = await fetch(`sandbox/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return await answerOf(response);
  } catch {
    return { ok: false, error: "The sandbox cannot be reached." };
  }
}

/** The live stream of one person. `onState` hears "open" or {wait: milliseconds until the next try, tries: failed so far}. */
export class Stream {
  constructor(me, onEvent, onState) {
    this.me = me;
    this.onEvent = onEvent;
    this.onState = onState;
    this.wait = FIRST_WAIT;
    this.timer = null;
    this.tries = 0;
    /** Settles when the first connection stands or has failed. */
    this.begun = new Promise((resolve) => (this.begin = resolve));
    this.connect();
  }

  connect() {
    clearTimeout(this.timer);
    this.source?.close();
    const source = new EventSource(`sandbox/stream?${new URLSearchParams({ as: this.me })}`);
    this.source = source;
    source.onopen = () => {
      this.wait = FIRST_WAIT;
      this.tries = 0;
      this.begin();
      this.onState("open");
    };
    source.onmessage = (event) => {
      let data = null;
      try {
        data = JSON.parse(event.data);
      } catch {
        return;
      }
      if (data && typeof data === "object") this.onEvent(data);
    };
    source.onerror = () => {
      if (this.source !== source) return;
      source.close();
      this.begin();
      const wait = this.wait * (0.8 + Math.random() * 0.4);
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
      this.tries += 1;
      this.onState({ wait, tries: this.tries });
      this.timer = setTimeout(() => this.connect(), wait);
    };
  }

  close() {
    clearTimeout(this.timer);
    const source = this.source;
    this.source = null;
    source?.close();
  }
}
