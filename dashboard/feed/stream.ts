/** One open event stream; the narrow part of EventSource that the engine needs. */
export type Stream = { readonly close: () => void };

export type StreamHandlers = {
  readonly opened: () => void;
  /** `lastEventId` is empty for events without one. */
  readonly heard: (event: 'incident' | 'status' | 'reset', data: string, lastEventId: string) => void;
  readonly failed: () => void;
};

export type OpenStream = (url: string, handlers: StreamHandlers) => Stream;

/**
 * The browser's own EventSource. Its automatic reconnection is not used: it gives up for good after an HTTP error and
 * waits for seconds, so the engine closes a failed one and opens the next itself, from the last id it heard.
 */
export const openEventSource: OpenStream = (url, handlers) => {
  const source = new EventSource(url);
  for (const name of ['incident', 'status', 'reset'] as const) {
    source.addEventListener(name, (event: MessageEvent<string>) => handlers.heard(name, event.data, event.lastEventId));
  }
  source.addEventListener('open', handlers.opened);
  source.addEventListener('error', handlers.failed);
  return { close: () => source.close() };
};
