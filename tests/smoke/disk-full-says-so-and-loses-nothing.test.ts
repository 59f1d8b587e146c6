import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Incident, IncidentDetail, IncidentPage } from '../../gateway/api/contract/incident.ts';
import { freePort } from '../harness/free-port.ts';
import { startGateway, type TestGateway } from '../harness/gateway.ts';
import { killBelow } from '../harness/processes-below.ts';
import { until } from '../harness/until.ts';
import { connectDevice, type Credentials } from './world/device.ts';
import { countByText } from './world/ledger.ts';
import { addDevice, localClient } from './world/register.ts';
import { smallDisk } from './world/small-disk.ts';

/** Room for a PostgreSQL, a Redis and a journal of our own, and not much else. */
const SIZE_MB = 400;
const PRESSES = 40;

type Ready = { readonly status: string; readonly checks: Readonly<Record<string, { readonly status: string }>> };

async function ready(gateway: TestGateway): Promise<Ready & { readonly code: number }> {
  const answer = await fetch(`${gateway.httpUrl}/readyz`);
  return { ...((await answer.json()) as Ready), code: answer.status };
}

/** Presses until it is acknowledged: a device does not give up. */
async function press(device: Credentials, text: string): Promise<void> {
  const attempt = async (): Promise<boolean> => {
    const link = await connectDevice(device);
    const isAcked = await link.press({ type: 'sos', text });
    link.cut();
    return isAcked;
  };
  await until(attempt, { timeoutMs: 30_000, what: `the acknowledgement of ${text}` });
}

async function listToldZones(gateway: TestGateway): Promise<string[]> {
  const client = localClient(gateway);
  const { items } = await client.request<IncidentPage>('GET', '/incidents?state=all');
  const own = items.filter(({ type }: Incident) => type === 'system');
  const details = await Promise.all(own.map(({ id }) => client.request<IncidentDetail>('GET', `/incidents/${id}`)));
  return details.map(({ state, alarms }) => `${alarms[0]?.zone ?? alarms[0]?.text ?? ''} ${state}`);
}

test(
  'a disk that fills is told, what is acknowledged on a full one is kept, and with room all is well again',
  { timeout: 240_000 },
  async (context) => {
    const disk = await smallDisk(context, SIZE_MB);
    const env = { ZHUJI_MQTT_PORT: String(await freePort()) };
    const dataDir = join(disk.folder, 'data');
    let gateway = await startGateway({ embedded: true, dataDir, env });
    const device = await addDevice(gateway, { name: '雷奶奶' });
    const texts: string[] = [];
    const pressSome = async (when: string, count: number): Promise<void> => {
      for (let n = 0; n < count; n += 1) {
        texts.push(`${when} ${n}`);
        await press(device, `${when} ${n}`);
      }
    };
    await pressSome('before', 5);

    await disk.fill();
    await until(async () => (await ready(gateway)).checks['disk']?.status === 'failed', {
      timeoutMs: 30_000,
      what: '/readyz to say so',
    });
    await pressSome('full', PRESSES);
    // What else wants to write there finds out, dies and is started again meanwhile.
    await disk.fill();
    await delay(3_000);
    await pressSome('fuller', PRESSES);
    const full = await ready(gateway);
    expect([full.code, full.status]).toEqual([200, 'degraded']);

    // Else nothing was tried: a Redis that cannot write its log ends itself.
    expect(gateway.stderr()).toMatch(/"server":"redis".*embedded server died/);

    // As after a power cut, on the disk that is still full: the gateway starts with whatever of its servers can live there.
    await gateway.kill9();
    await killBelow(dataDir);
    await disk.fill();
    gateway = await startGateway({ embedded: true, dataDir, env });
    await pressSome('restarted', 5);

    await disk.empty();
    const counts = await countByText(gateway, texts, 60_000);
    expect([...counts].filter(([, count]) => count !== 1)).toEqual([]);
    expect(counts.size).toBe(texts.length);
    await until(
      async () => {
        const { status, checks } = await ready(gateway);
        if (status !== 'ok') throw new Error(JSON.stringify(checks));
        return true;
      },
      { timeoutMs: 60_000, what: 'a whole gateway' },
    );
    await pressSome('after', 2);
    await countByText(gateway, texts);
    const told = await until(
      async () => {
        const zones = await listToldZones(gateway);
        return zones.filter((zone) => zone.endsWith('resolved')).length >= 2 ? zones : false;
      },
      { timeoutMs: 30_000, what: 'the end of the incidents about the disk' },
    );
    console.log(told);
    expect((await gateway.stop()).code).toBe(0);
  },
);
