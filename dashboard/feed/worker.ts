import { buildHub, servePort } from './build-hub.ts';

/** The SharedWorker: one stream and one heartbeat for all windows of this browser. */
const hub = buildHub();

globalThis.addEventListener('connect', (event) => {
  if (!(event instanceof MessageEvent)) return;
  for (const port of event.ports) servePort(hub, port);
});
