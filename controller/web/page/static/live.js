// Hears of changes: server-sent events, read with fetch because EventSource sends no token.

import { send } from "./api.js";

const LONGEST = 30_000;

// Calls `hear(event, data)` for each event and `tell(isLive)` when the stream comes and goes, until
// `signal` ends it. `refuse(error)` hears that the token is not known.
export async function listen({ hear, tell, refuse, signal }) {
  let wait = 1000;
  while (!signal.aborted) {
    try {
      const answer = await send("/events", { signal });
      tell(true);
      wait = 1000;
      await read(answer.body, hear);
    } catch (error) {
      if (signal.aborted) return;
      if (error.status === 401) return void refuse(error);
    }
    tell(false);
    await pause(wait, signal);
    wait = Math.min(2 * wait, LONGEST);
  }
}

async function read(body, hear) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (let text = ""; ; ) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (text + value).split("\n\n");
    text = parts.pop();
    for (const part of parts) parse(part, hear);
  }
}

function parse(part, hear) {
  const lines = part.split("\n");
  const of = (name) =>
    lines.filter((one) => one.startsWith(`${name}: `)).map((one) => one.slice(name.length + 2));
  const data = of("data").join("\n");
  if (data) hear(of("event")[0] ?? "message", JSON.parse(data));
}

function pause(milliseconds, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}
