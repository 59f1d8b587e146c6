import type { IncidentAlarm, IncidentDetail, IncidentPage } from '../../../gateway/api/contract/incident.ts';
import type { TestGateway } from '../../harness/gateway.ts';
import { until } from '../../harness/until.ts';
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

/**
 * How often each alarm of the tests, which carry a text of their own, stands in an incident. Waits until every one of
 * `texts` is there; fails with those that are missing.
 */
export async function countByText(
  gateway: Pick<TestGateway, 'socketPath' | 'dataDir'>,
  texts: Iterable<string>,
  timeoutMs = 15_000,
): Promise<Map<string, number>> {
  let counts = new Map<string, number>();
  let missing: string[] = [];
  const look = async (): Promise<boolean> => {
    counts = new Map();
    for (const { alarm } of await loadLedger(gateway)) {
      // What the gateway raises about itself is of no device.
      if (alarm.text !== null && alarm.deviceId !== null) counts.set(alarm.text, (counts.get(alarm.text) ?? 0) + 1);
    }
    missing = [...texts].filter((text) => !counts.has(text));
    return missing.length === 0;
  };
  await until(look, { timeoutMs, what: 'every alarm to be in an incident', everyMs: 200 }).catch((cause: unknown) => {
    throw new Error(`${missing.length} alarms are in no incident, e.g. ${missing.slice(0, 5).join(', ')}`, { cause });
  });
  return counts;
}
