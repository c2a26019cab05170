// The event stream. The browser comes back by itself while a connection breaks off; where it gives
// up, as it does when another answer than a stream comes, this does.

const PAUSE_MILLIS = 2000;

/** Calls `heard[kind](run, is)` for each event, and `connected(boolean)` when that changes. */
export function listen(address, heard, connected) {
  const source = new EventSource(address);
  source.onopen = () => connected(true);
  source.onerror = () => {
    connected(false);
    if (source.readyState === EventSource.CLOSED) {
      setTimeout(() => listen(address, heard, connected), PAUSE_MILLIS);
    }
  };
  for (const kind of Object.keys(heard)) {
    source.addEventListener(kind, (event) => {
      const { run, is } = JSON.parse(event.data);
      heard[kind](run, is);
    });
  }
}

/** JSON of an address; an error's message is the server's reason. */
export async function ask(address) {
  const answer = await fetch(address);
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.error);
  return body;
}
