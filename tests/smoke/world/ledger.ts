import { setTimeout as delay } from 'node:timers/promises';
import type { IncidentAlarm, IncidentDetail, IncidentPage } from '../../../gateway/api/contract/incident.ts';
import type { TestGateway } from '../../harness/gateway.ts';
import { localClient } from './register.ts';

export type LedgerLine = { readonly incidentId: string; readonly alarm: IncidentAlarm };

/** Every alarm of every incident, resolved ones too, as GET /incidents and its details tell. */
export async function loadLedger(gateway: Pick<TestGateway, 'socketPath' | 'dataDir'>): Promise<LedgerLine[]> {
  const client = localClient(gateway);
  const lines: LedgerLine[] = [];
  let cursor: string | null = null;
  do {
    const query: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page: IncidentPage = await client.request('GET', `/incidents?state=all${query}`);
    for (const { id } of page.items) {
      const { alarms } = await client.request<IncidentDetail>('GET', `/incidents/${id}`);
      lines.push(...alarms.map((alarm) => ({ incidentId: id, alarm })));
    }
    cursor = page.next;
  } while (cursor !== null);
  return lines;
}

const EVERY_MS = 200;
/** Between two looks, as a multiple of what a look took: reading every case again and again would be the gateway's work. */
const REST = 3;

/**
 * How often each alarm of the tests, which carry a text of their own, stands in an incident. Waits until every one of
 * `texts` is there, as long as more of them come; fails with those that are missing once nothing came for `patienceMs`.
 */
export async function countByText(
  gateway: Pick<TestGateway, 'socketPath' | 'dataDir'>,
  texts: Iterable<string>,
  patienceMs = 30_000,
): Promise<Map<string, number>> {
  const wanted = [...texts];
  let fewest = Infinity;
  let progressMs = performance.now();
  for (;;) {
    const beganMs = performance.now();
    const counts = await lookOnce(gateway).catch(() => new Map<string, number>());
    const missing = wanted.filter((text) => !counts.has(text));
    if (missing.length === 0) return counts;
    const nowMs = performance.now();
    if (missing.length < fewest) {
      fewest = missing.length;
      progressMs = nowMs;
    }
    if (nowMs - progressMs > patienceMs)
      throw new Error(`${missing.length} alarms are in no incident, e.g. ${missing.slice(0, 5).join(', ')}`);
    await delay(Math.max(EVERY_MS, REST * (nowMs - beganMs)));
  }
}

async function lookOnce(gateway: Pick<TestGateway, 'socketPath' | 'dataDir'>): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const { alarm } of await loadLedger(gateway)) {
    // What the gateway raises about itself is of no device.
    if (alarm.text !== null && alarm.deviceId !== null) counts.set(alarm.text, (counts.get(alarm.text) ?? 0) + 1);
  }
  return counts;
}
