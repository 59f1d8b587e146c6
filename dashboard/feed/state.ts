import type { FeedStatus } from '../../gateway/api/contract/feed.ts';
import type { Incident } from '../../gateway/api/contract/incident.ts';
import type { FromWorker } from './messages.ts';

/** What the console holds of the gateway's open incidents, and how sure it may be of it. */
export type FeedState = {
  /** False until the first list has come. */
  readonly isLoaded: boolean;
  readonly incidents: ReadonlyMap<string, Incident>;
  /** When this console first heard of the present ring of an incident, epoch milliseconds. */
  readonly heardAt: ReadonlyMap<string, number>;
  readonly status: FeedStatus | null;
  /** Monotonic milliseconds of the last `status`; null before the first. */
  readonly statusAtMs: number | null;
  /** When the gateway was last heard with anything, epoch milliseconds: what is shown is as of then. */
  readonly asOfMs: number | null;
  /** Whether the stream is open as far as its holder knows. */
  readonly isStreaming: boolean;
  /** Epoch milliseconds when the stream was lost; null while it runs or before it ever ran. */
  readonly lostAt: number | null;
};

export const EMPTY_FEED: FeedState = {
  isLoaded: false,
  incidents: new Map(),
  heardAt: new Map(),
  status: null,
  statusAtMs: null,
  asOfMs: null,
  isStreaming: false,
  lostAt: null,
};

/** As many closed ones as a page has are kept: a console runs for weeks. */
const MOST_CLOSED = 200;

/** Pure. `nowMs` is the wall clock, `monoMs` the monotonic one of the window that reduces. */
export function reduceFeed(state: FeedState, message: FromWorker, nowMs: number, monoMs: number): FeedState {
  switch (message.kind) {
    case 'snapshot':
      return { ...withSnapshot(state, message.incidents, message.heardAt), asOfMs: nowMs };
    case 'incident':
      return { ...withIncident(state, message.change.incident, message.heardAt), asOfMs: nowMs };
    case 'answer':
      return withIncident(state, message.incident, nowMs);
    case 'status':
      return { ...state, status: message.status, statusAtMs: monoMs - message.ageMs, asOfMs: nowMs - message.ageMs };
    case 'stream':
      return { ...state, isStreaming: message.isUp, lostAt: message.isUp ? null : (state.lostAt ?? nowMs) };
    default:
      return state;
  }
}

/**
 * A fresh list of open incidents replaces every one that was held, higher versions too: after a `reset` what was held is
 * not to be trusted. What a command answered meanwhile comes again with the stream, which goes on from where the list was
 * read. Closed ones are kept: the list does not speak of them.
 */
function withSnapshot(state: FeedState, incidents: readonly Incident[], heardAt: number): FeedState {
  const closed = [...state.incidents.values()].filter((incident) => incident.state === 'resolved');
  return {
    ...state,
    isLoaded: true,
    incidents: withoutOldest(new Map([...closed, ...incidents].map((incident) => [incident.id, incident]))),
    heardAt: new Map(
      incidents.map((incident) => {
        const held = state.incidents.get(incident.id);
        const isKnown = held !== undefined && held.rangAt === incident.rangAt;
        return [incident.id, (isKnown ? state.heardAt.get(incident.id) : undefined) ?? heardAt];
      }),
    ),
  };
}

function withIncident(state: FeedState, incident: Incident, heardAt: number): FeedState {
  const held = state.incidents.get(incident.id);
  if (held !== undefined && held.version > incident.version) return state;
  const isSameRing = held !== undefined && held.rangAt === incident.rangAt;
  const incidents = withoutOldest(new Map(state.incidents).set(incident.id, incident));
  const heard = isSameRing ? state.heardAt : new Map(state.heardAt).set(incident.id, heardAt);
  return {
    ...state,
    incidents,
    heardAt: heard.size > incidents.size ? new Map([...heard].filter(([id]) => incidents.has(id))) : heard,
  };
}

/** Drops the closed ones that were touched longest ago; open ones never. */
function withoutOldest(incidents: ReadonlyMap<string, Incident>): ReadonlyMap<string, Incident> {
  const closed = [...incidents.values()].filter(({ state }) => state === 'resolved');
  if (closed.length <= MOST_CLOSED) return incidents;
  const dropped = closed
    .toSorted((a, b) => Date.parse(a.updatedAt) - Date.parse(b.updatedAt))
    .slice(0, closed.length - MOST_CLOSED);
  const kept = new Map(incidents);
  for (const { id } of dropped) kept.delete(id);
  return kept;
}
