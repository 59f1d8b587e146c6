import { setTimeout as delay } from 'node:timers/promises';
import type { IncidentDetail } from '../../gateway/api/contract/incident.ts';
import { until } from '../harness/until.ts';
import type { Feed } from '../smoke/world/feed.ts';
import type { Operator } from '../smoke/world/operator.ts';

export type TestConsole = {
  /** Ids of the alarms that this console has been shown. */
  readonly shown: ReadonlySet<string>;
  readonly cut: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

const AGAIN_MS = 100;
const RESUME_MS = 30_000;

/**
 * A console that behaves as the dashboard does: it listens, comes back after a break with the last id that it has read, and
 * after a `reset` reads the list anew.
 */
export async function openConsole(operator: Operator): Promise<TestConsole> {
  const shown = new Set<string>();
  let after = (await operator.list()).asOf ?? undefined;
  let feed: Feed | undefined;
  const stopping = new AbortController();

  async function readList(): Promise<void> {
    const page = await operator.list();
    for (const { id } of page.items) {
      const { alarms } = await operator.get<IncidentDetail>(`/incidents/${id}`);
      for (const alarm of alarms) shown.add(alarm.id);
    }
    after = page.asOf ?? undefined;
  }

  async function listen(): Promise<void> {
    feed = await operator.listen(after === undefined ? {} : { after });
    let taken = 0;
    // Without a place to go on from, what came before this stream is only in the list.
    if (after === undefined) await readList();
    while (!feed.isOver() && !stopping.signal.aborted) {
      for (const { entry, eventId } of feed.incidents.slice(taken)) {
        taken += 1;
        const alarmId = entry.data['alarmId'];
        if (typeof alarmId === 'string') shown.add(alarmId);
        after = eventId === '' ? undefined : eventId;
      }
      if (feed.resets.length > 0) {
        await readList();
        await feed.cut();
        return;
      }
      await delay(20);
    }
    await feed.cut();
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await listen();
      } catch {
        // Its gateway is down.
        await delay(AGAIN_MS);
      }
    }
  }

  const running = run();
  return {
    shown,
    cut: async () => feed?.cut(),
    stop: async () => {
      stopping.abort();
      await until(() => running.then(() => true), { timeoutMs: RESUME_MS, what: 'the end of a console' });
    },
  };
}
