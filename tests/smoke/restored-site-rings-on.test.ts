import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { IncidentDetail } from '../../gateway/api/contract/incident.ts';
import type { Resident } from '../../gateway/api/contract/registry.ts';
import { formatDatabaseUrl } from '../../gateway/embedded/postgres-settings.ts';
import { runZhuji, startGateway } from '../harness/gateway.ts';
import { scratchDir } from '../harness/scratch.ts';
import { until } from '../harness/until.ts';
import { openDatabase } from './world/database.ts';
import { listSteps } from './world/ladder.ts';
import { logInAsAdmin } from './world/operator.ts';
import { addDevice } from './world/register.ts';
import { openWorld, pressAndSee } from './world/world.ts';

type Written = { readonly path: string; readonly rows: number };
type Told = {
  readonly ok: boolean;
  readonly rows: number;
  readonly lostEntries: number;
  readonly headsAside: string[];
};
type Verified = { readonly ok: boolean; readonly faults: object[]; readonly erasures: { residentId: string }[] };

/** Servers are made and started several times over, packages installed: on a busy machine it takes its time. */
const LIMIT_MS = 240_000;

test(
  'a site that lost its disk is restored: its open case rings on, its chain verifies, who was erased since is erased again',
  async () => {
    const elsewhere = await scratchDir();
    const dataDir = join(await scratchDir(), 'data');
    const env = {
      ZHUJI_ERASURES: join(elsewhere, 'erasures.log'),
      ZHUJI_AUDIT_HEADS: join(elsewhere, 'heads.log'),
      // Who had the case is not there any more.
      ZHUJI_PRESENCE_S: '2',
    };
    const world = await openWorld({ embedded: true, dataDir, env });
    const { gateway, operator, feed } = world;
    const token = (await logInAsAdmin(gateway)).proof;
    const device = await addDevice(gateway, { name: 'Wang of the open case' });
    const gone = await addDevice(gateway, { name: 'Li who will be erased' });
    const [open, closed] = [
      await pressAndSee(feed, device, { type: 'sos' }),
      await pressAndSee(feed, gone, { type: 'sos' }),
    ];
    await operator.act(open.incident.id, 'note', { text: 'the gate is green' });
    await operator.act(closed.incident.id, 'resolve', { outcome: 'helped', contact: 'seen-by', name: 'Zhang' });
    const database = await openDatabase(formatDatabaseUrl(join(dataDir, 'sockets')));
    const isKept = async () =>
      (await database.rows(`select from incidents where state = 'resolved' and id = $1`, [closed.incident.id])).length >
      0;
    await until(isKept, { timeoutMs: 30_000, what: 'the history' });

    const backup = await gateway.zhujiJson<Written>('backup', '--to', elsewhere);
    // Below a gateway nothing is restored.
    expect(await gateway.zhuji('restore', backup.path)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/stop it/),
    });
    await gateway.zhujiJson('erase', '--resident', gone.residentId ?? '', '--ground', 'PIPL 47');
    const isListed = async () => (await readOrEmpty(env.ZHUJI_ERASURES)).includes(gone.residentId ?? '-');
    await until(isListed, { timeoutMs: 30_000, what: 'the list of erasures' });
    await gateway.stop();
    await rm(dataDir, { recursive: true });

    const restored = await runZhuji(['restore', backup.path, '--json'], { ZHUJI_DATA: dataDir, ...env });
    expect(restored).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(restored.stdout) as Told).toMatchObject({
      ok: true,
      rows: backup.rows,
      headsAside: [expect.stringContaining('heads.log.before-')],
    });

    const again = await startGateway({ embedded: true, dataDir, env });
    // Sessions of before are over, passwords are as they were, and so are those of devices.
    const old = await fetch(`${again.httpUrl}/api/v1/incidents`, { headers: token });
    expect(old.status).toBe(401);
    const person = await logInAsAdmin(again);
    const detail = () => person.detail(open.incident.id);
    await until(() => detail().catch(() => null), { timeoutMs: 30_000, what: 'the open case' });
    const before = await detail();
    expect(before).toMatchObject({ residentId: device.residentId, alarms: [{ type: 'sos' }] });
    expect(before.state).not.toBe('resolved');
    expect(before.next).not.toBeNull();
    expect(before.log.filter(({ type }) => type === 'note')).toMatchObject([{ data: { text: 'the gate is green' } }]);
    const rungSince = async () => listSteps(await detail()).length > listSteps(before).length;
    await until(rungSince, { timeoutMs: 120_000, what: 'the deadline of the restored case', everyMs: 200 });
    const stream = await person.listen();
    const mqttUrl = again.mqttUrl;
    const pressed = await pressAndSee(stream, { ...device, mqttUrl }, { type: 'sos' });
    expect(pressed.incident).toMatchObject({ id: open.incident.id, flags: [], presses: 2 });

    const isErased = async () =>
      (await person.get<Resident>(`/residents/${gone.residentId}`)).name !== 'Li who will be erased';
    await until(isErased, { timeoutMs: 30_000, what: 'the erasure' });
    const verified = await until(
      async () => {
        const { stdout } = await again.zhuji('audit', 'verify', '--json');
        const told = JSON.parse(stdout) as Verified;
        return told.erasures.length > 0 ? told : null;
      },
      { timeoutMs: 30_000, what: 'the erasure in the chain', everyMs: 500 },
    );
    expect(verified).toMatchObject({ ok: true, faults: [], erasures: [{ residentId: gone.residentId }] });
    const file = await person.get<IncidentDetail>(`/incidents/${closed.incident.id}`);
    expect(JSON.stringify(file)).not.toContain('Zhang');
  },
  LIMIT_MS,
);

function readOrEmpty(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
