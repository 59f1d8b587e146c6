import { Value } from 'typebox/value';
import { FeedIncident, FeedReset, FeedStatus } from '../../../gateway/api/contract/feed.ts';
import { afterwards } from '../../harness/cleanup.ts';
import { until } from '../../harness/until.ts';

export type ResumePoint = { readonly after?: string; readonly lastEventId?: string };

export type FeedItem = FeedIncident & { readonly eventId: string };

export type Feed = {
  /** `event: incident`, in the order in which they came. */
  readonly incidents: FeedItem[];
  readonly statuses: FeedStatus[];
  readonly resets: FeedReset[];
  /** Id of the newest event that was read whole: what a browser would resume with. */
  readonly lastEventId: () => string | undefined;
  readonly isOver: () => boolean;
  /** As when the network goes away: what is half read is lost. */
  readonly cut: () => Promise<void>;
  /** Waits until an event of the feed fits. */
  readonly until: (fits: (item: FeedItem) => boolean, what: string, timeoutMs?: number) => Promise<FeedItem>;
};

const SCHEMAS = { incident: FeedIncident, status: FeedStatus, reset: FeedReset } as const;

/** Server-sent events as a browser reads them (WHATWG HTML §9.2.6), each held against the contract. */
export async function openFeed(
  url: string,
  headers: Readonly<Record<string, string>>,
  from: ResumePoint,
): Promise<Feed> {
  const abort = new AbortController();
  const query = from.after === undefined ? '' : `?after=${encodeURIComponent(from.after)}`;
  const response = await fetch(url + query, {
    headers: { ...headers, ...(from.lastEventId === undefined ? {} : { 'last-event-id': from.lastEventId }) },
    signal: abort.signal,
  });
  if (response.status !== 200 || response.body === null) throw new Error(`GET /events answered ${response.status}`);
  const incidents: FeedItem[] = [];
  const statuses: FeedStatus[] = [];
  const resets: FeedReset[] = [];
  let fault: Error | undefined;
  let isOver = false;

  function take(block: string): void {
    const fields = new Map(block.split('\n').map((line) => [line.replace(/:.*/s, ''), line.replace(/^[^:]*: ?/, '')]));
    const name = fields.get('event');
    const text = fields.get('data');
    if (name === undefined || text === undefined) return;
    const data: unknown = JSON.parse(text);
    if (!Object.hasOwn(SCHEMAS, name) || !Value.Check(SCHEMAS[name as keyof typeof SCHEMAS], data)) {
      throw new Error(`The feed's ${name} is not what the contract says: ${text}`);
    }
    if (name === 'status') statuses.push(data as FeedStatus);
    else if (name === 'reset') resets.push(data as FeedReset);
    else incidents.push({ ...(data as FeedIncident), eventId: fields.get('id') ?? '' });
  }

  async function read(body: ReadableStream<Uint8Array>): Promise<void> {
    let text = '';
    const decoder = new TextDecoder();
    try {
      for await (const chunk of body) {
        const blocks = (text + decoder.decode(chunk, { stream: true })).split('\n\n');
        text = blocks.pop() ?? '';
        for (const block of blocks) take(block);
      }
    } catch (error) {
      // A stream that was cut or whose gateway was killed is over; anything else is a finding.
      if (!abort.signal.aborted && !(error instanceof TypeError)) fault = error as Error;
    }
    isOver = true;
  }
  const reading = read(response.body);
  const cut = async (): Promise<void> => {
    abort.abort();
    await reading;
  };
  afterwards(async () => {
    await cut();
    if (fault !== undefined) throw fault;
  });

  return {
    incidents,
    statuses,
    resets,
    lastEventId: () => incidents.at(-1)?.eventId,
    isOver: () => isOver,
    cut,
    until: (fits, what, timeoutMs = 30_000) => {
      const found = (): FeedItem | undefined => {
        if (fault !== undefined) throw fault;
        return incidents.find(fits);
      };
      return until(found, { timeoutMs, what, everyMs: 5 });
    },
  };
}
