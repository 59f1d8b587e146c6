import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DEVICE_MODELS } from '../../../devices/catalog/models.ts';
import { COMMANDS } from '../../../scripts/zhuji/commands.ts';
import { runCommandLine } from '../../../scripts/zhuji/run.ts';
import { afterwards } from '../../harness/cleanup.ts';
import { runZhuji } from '../../harness/gateway.ts';
import { createDatabase } from '../../harness/postgres.ts';
import { scratchDir } from '../../harness/scratch.ts';
import { logIn, startRegisterServer } from '../../gateway/api/register-server.ts';

type Outcome = { code: number; out: string; err: string };

async function run(env: Record<string, string>, ...argv: string[]): Promise<Outcome> {
  const written = { out: '', err: '' };
  const code = await runCommandLine(COMMANDS, argv, {
    env,
    print: (text) => void (written.out += `${text}\n`),
    printError: (text) => void (written.err += `${text}\n`),
  });
  return { code, ...written };
}

async function start() {
  const { databaseUrl } = await createDatabase();
  const server = await startRegisterServer({ databaseUrl, dataDir: join(await scratchDir(), 'data') });
  const dataDir = join(server.socketPath, '..');
  const zhuji = (...argv: string[]) => run({ ZHUJI_DATA: dataDir }, ...argv);
  const json = async (...argv: string[]) => {
    const { code, out, err } = await zhuji(...argv, '--json');
    expect(`${code} ${err}`).toBe('0 ');
    return JSON.parse(out);
  };
  return { ...server, dataDir, zhuji, json };
}

test('resident, device and user are added in the shape of the contract, and are in effect', async () => {
  const { json, registry, url } = await start();
  const resident = await json('resident', 'add', '--name', "O'Hara <b>", '--region', 'yuyao/lanjiang');
  expect(resident).toEqual({ residentId: expect.any(String), homeId: expect.any(String) });

  const device = await json('device', 'add', '--model', 'generic-one-touch', '--resident', resident.residentId);
  expect(device).toEqual({
    deviceId: expect.any(String),
    model: 'generic-one-touch',
    homeId: resident.homeId,
    residentId: resident.residentId,
    username: device.deviceId,
    password: expect.stringMatching(/^[0-9a-f]{40}$/),
    topic: `zj/v1/${device.deviceId}/alarm`,
    mqttUrl: 'mqtt://127.0.0.1:1883',
  });
  expect(registry.directory().standingOf(device.deviceId, Buffer.from(device.password))).toBe('verified');

  const user = await json('user', 'add', '--username', 'op', '--role', 'operator', '--region', 'yuyao');
  expect(user).toEqual({ userId: expect.any(String), username: 'op', password: expect.any(String) });
  expect(await logIn(url, 'op', user.password)).toMatch(/^zj1\./);

  expect(await json('resident', 'list')).toMatchObject([{ id: resident.residentId, name: "O'Hara <b>" }]);
  expect(await json('device', 'list')).toMatchObject([{ id: device.deviceId, retiredAt: null }]);
  expect((await json('user', 'list')).map(({ username }: { username: string }) => username)).toEqual(
    expect.arrayContaining(['admin', 'op']),
  );
});

test('a dry run removes nothing, a real one retires', async () => {
  const { json, zhuji, registry } = await start();
  const { deviceId, password } = await json('device', 'add', '--model', 'generic-pendant', '--id', 'p-1');
  const standing = () => registry.directory().standingOf(deviceId, Buffer.from(password));
  expect((await zhuji('device', 'remove', 'p-1', '--dry-run')).out).toContain('Would end the service');
  expect(standing()).toBe('verified');
  expect(await json('device', 'remove', 'p-1')).toEqual({ deviceId: 'p-1', removed: true, wasRetired: false });
  expect(standing()).toBe('retired');
});

test('a device sends under an account or a number, which is shown, confirmed and taken away', async () => {
  const { zhuji, json, registry } = await start();
  const sends = ['--account', 'ab12', '--receiver', 'dc09', '--new-key', '128', '--heartbeat', '90'];
  const added = await json('device', 'add', '--model', 'generic-pendant', '--id', 'p-1', ...sends);
  expect(added).toMatchObject({ deviceId: 'p-1', addresses: [{ value: 'AB12', heartbeatS: 90 }] });
  const { key } = registry.directory().accountOf('dc09', 'AB12');
  expect(Buffer.from(key ?? []).toString('hex')).toBe(added.newKey);
  const { out } = await zhuji('device', 'add', '--model', 'generic-pendant', '--account', '1234', '--new-key', '256');
  expect(out).toMatch(/1234[^]*Key of the account: [0-9a-f]{64} /);

  // What sends under one and was given none is not told how to press a key by MQTT.
  const needs = { 'ip-dialer': '--account', 'sim-one-touch': '--number' };
  for (const [model, option] of Object.entries(needs)) {
    const { out: told } = await zhuji('device', 'add', '--model', model, '--id', model);
    expect(told).toContain(`zhuji device address ${model} ${option}`);
    expect(told).not.toContain('mosquitto_pub');
  }

  const keyFile = join(await scratchDir(), 'key');
  await writeFile(keyFile, `${'0A'.repeat(16)}\r\n`);
  await json('device', 'add', '--model', 'generic-pendant', '--account', '5678', '--key-file', keyFile);
  expect(registry.directory().accountOf('dc09', '5678').key).toEqual(Buffer.alloc(16, 0x0a));

  const { addresses } = await json('device', 'address', 'p-1', '--number', '13800138000');
  expect(addresses[1]).toMatchObject({ kind: 'number', value: '+8613800138000', isConfirmed: true });
  expect(await json('device', 'confirm', 'p-1')).toMatchObject({
    deviceId: 'p-1',
    addresses: [{}, { isConfirmed: true }],
  });
  const number = String(addresses[1].id);
  expect((await zhuji('device', 'address', 'p-1', '--remove', number, '--dry-run')).out).toContain('Would take');
  expect((await json('device', 'address', 'p-1')).addresses).toHaveLength(2);
  expect((await json('device', 'address', 'p-1', '--remove', number)).addresses).toHaveLength(1);
  const wrong = [
    ['--new-key', '64'],
    ['--heartbeat', 'soon'],
    ['--heartbeat', '1e3', '--account', '1111'],
    ['--account', '1111', '--key-file', `${keyFile}.gone`],
    ['--account', '1111', '--key-file', keyFile, '--key', '0A'.repeat(16)],
    ['--account', '1111', '--dry-run'],
    ['--remove', '99999', '--dry-run'],
    ['--remove', number, '--account', '1'],
    ['--remove', '../1'],
  ];
  for (const line of wrong) expect((await zhuji('device', 'address', 'p-1', ...line)).code, line.join(' ')).toBe(2);
  expect((await json('device', 'address', 'p-1')).addresses).toHaveLength(1);
});

test('a device is handed on, gets another password and retires; a person’s status is recorded', async () => {
  const { json, zhuji, registry } = await start();
  const [one, two] = [
    await json('resident', 'add', '--name', 'Wang', '--region', 'yuyao'),
    await json('resident', 'add', '--name', 'Li', '--region', 'yuyao'),
  ];
  await json('device', 'add', '--model', 'generic-pendant', '--id', 'p-1', '--resident', one.residentId);
  expect((await zhuji('device', 'bind', 'p-1', '--resident', two.residentId, '--dry-run')).out).toContain('Would bind');
  expect(registry.directory().device('p-1')?.residentIds).toEqual([one.residentId]);
  expect(await json('device', 'bind', 'p-1', '--resident', two.residentId)).toMatchObject({
    ...{ residentIds: [two.residentId], homeId: two.homeId, handedOn: true },
  });
  expect((await zhuji('device', 'bind', 'p-1', '--resident', two.residentId)).out).toContain('as before');
  expect(await json('device', 'bind', 'p-1', '--no-home')).toMatchObject({ residentIds: [], homeId: null });
  const { password } = await json('device', 'secret', 'p-1');
  expect(registry.directory().standingOf('p-1', Buffer.from(password))).toBe('verified');
  expect(await json('device', 'retire', 'p-1')).toMatchObject({ removed: true });
  expect((await zhuji('device', 'bind', 'p-1')).code).toBe(1);

  const status = await json('resident', 'status', one.residentId, '--kind', 'hospital', '--note', 'hip');
  expect(status).toMatchObject({ status: { kind: 'hospital', note: 'hip' }, history: [{ kind: 'hospital' }] });
  expect((await zhuji('resident', 'status', one.residentId)).out).toContain('hospital');
  expect((await zhuji('resident', 'status', one.residentId, '--kind', 'gone')).code).toBe(2);
  expect((await zhuji('resident', 'status', one.residentId, '--note', 'x')).code).toBe(2);
});

test('a person is told the same as a program, in words', async () => {
  const { zhuji } = await start();
  const added = await zhuji('device', 'add', '--model', 'generic-pendant', '--id', 'p-1');
  expect(added.out).toMatch(/mosquitto_pub -h 127\.0\.0\.1 -p 1883 -u p-1 -P [0-9a-f]{40} -q 1 -t zj\/v1\/p-1\/alarm/);
  expect((await zhuji('device', 'list')).out).toContain('p-1');
  expect((await zhuji('resident', 'add', '--name', '王秀英')).out).toMatch(/^Resident r-\w+ added, in home h-\w+\.\n$/);
});

test('refusals of the gateway have an exit code and a reason', async () => {
  const { zhuji } = await start();
  await zhuji('device', 'add', '--model', 'generic-pendant', '--id', 'p-1');
  expect(await zhuji('device', 'add', '--model', 'generic-pendant', '--id', 'p-1')).toMatchObject({
    code: 1,
    err: expect.stringContaining('taken'),
  });
  expect(await zhuji('device', 'add', '--model', 'nope')).toMatchObject({
    code: 2,
    err: expect.stringContaining('/model'),
  });
  expect(await zhuji('resident', 'add', '--name', 'x', '--region', 'No Region')).toMatchObject({
    code: 2,
    err: expect.stringContaining('/region'),
  });
  const gone = await zhuji('device', 'remove', 'none', '--json');
  expect(gone.code).toBe(1);
  expect(JSON.parse(gone.err)).toMatchObject({ code: 'not-found' });
});

test('without a gateway it is one clear line', async () => {
  const dataDir = await scratchDir();
  expect(await run({ ZHUJI_DATA: dataDir }, 'resident', 'list')).toEqual({
    code: 1,
    out: '',
    err: `zhuji: no gateway is running on ${dataDir}\n`,
  });
  const away = await run({ ZHUJI_URL: 'http://127.0.0.1:1' }, 'resident', 'list');
  expect(away).toMatchObject({ code: 1, err: 'zhuji: no gateway answers at http://127.0.0.1:1 (ECONNREFUSED)\n' });
});

test('ZHUJI_URL with ZHUJI_TOKEN wins over the socket', async () => {
  const { url } = await start();
  const elsewhere = { ZHUJI_DATA: await scratchDir(), ZHUJI_URL: url };
  const token = await logIn(url);
  expect((await run({ ...elsewhere, ZHUJI_TOKEN: token }, 'user', 'list', '--json')).code).toBe(0);
  expect(await run(elsewhere, 'user', 'list')).toMatchObject({ code: 1, err: expect.stringContaining('Log in') });
});

test('something else that listens there is not taken for a gateway', async () => {
  const other = createServer((_request, response) => response.end('<html>hello</html>'));
  const port = await new Promise<number>((resolve) => {
    other.listen(0, '127.0.0.1', () => resolve((other.address() as { port: number }).port));
  });
  afterwards(() => void other.close());
  const { code, err } = await run({ ZHUJI_URL: `http://127.0.0.1:${port}` }, 'device', 'list');
  expect({ code, err }).toEqual({ code: 1, err: 'zhuji: what answers is not a Zhuji gateway\n' });
});

test('several wrong settings at once are all named, and nothing starts', async () => {
  const { code, stdout, stderr } = await runZhuji(['serve', '--json'], {
    ZHUJI_DATA: await scratchDir(),
    ZHUJI_HTTP_PORT: '99999',
    ZHUJI_MQTT_PORT: 'x',
    ZHUJI_PRESENSE_S: '5',
    ZHUJI_ADMIN_PASSWORD: 'short',
  });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  const { faults } = JSON.parse(stderr) as { faults: { key: string }[] };
  expect(faults.map(({ key }) => key)).toEqual([
    'ZHUJI_PRESENSE_S',
    'ZHUJI_HTTP_PORT',
    'ZHUJI_MQTT_PORT',
    'ZHUJI_ADMIN_PASSWORD',
  ]);
  expect(stderr).not.toContain('short');
});

test('config shows the table, and fails where the gateway would', async () => {
  const right = await runZhuji(['config', '--json'], {
    ZHUJI_HTTP_PORT: '8081',
    DATABASE_URL: 'postgres://u:open-sesame@h/d',
  });
  expect(right.code).toBe(0);
  expect(right.stdout).not.toContain('open-sesame');
  const { settings } = JSON.parse(right.stdout) as { settings: { key: string; value: string | null }[] };
  expect(settings).toContainEqual(expect.objectContaining({ key: 'ZHUJI_HTTP_PORT', value: '8081', default: 8080 }));
  const wrong = await runZhuji(['config'], { ZHUJI_HTTP_PORT: 'x' });
  expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('ZHUJI_HTTP_PORT') });
});

test('the command as a process: help, unknown words, and a table that needs no gateway', async () => {
  const env = {};
  expect(await runZhuji(['--help'], env)).toMatchObject({ code: 0, stderr: '' });
  expect(await runZhuji([], env)).toMatchObject({ code: 2, stdout: '' });
  expect(await runZhuji(['frobnicate'], env)).toMatchObject({ code: 2, stderr: expect.stringContaining('frobnicate') });
  const models = await runZhuji(['device', 'models', '--json'], env);
  expect(JSON.parse(models.stdout)).toHaveLength(DEVICE_MODELS.all.length);
});

test('limits of a person’s own are recorded, shown and taken back', async () => {
  const { json, zhuji, registry } = await start();
  const { residentId } = await json('resident', 'add', '--name', 'Wang', '--region', 'yuyao');
  const ofPerson = () => registry.directory().limitsOf(residentId).limits;
  await json('resident', 'limits', residentId, '--set', 'spo2=86..', '--set', 'temperature=35.5..38.2');
  const own = [
    { metric: 'spo2', low: 86, high: null },
    { metric: 'temperature', low: 35.5, high: 38.2 },
  ];
  expect(ofPerson()).toEqual(own);
  const shown = (await zhuji('resident', 'limits', residentId)).out;
  expect(shown).toMatch(/spo2 +86 +- +% +own/);
  expect(shown).toMatch(/heart-rate +41 +130 .*NEWS2/);
  for (const wrong of ['spo2', 'spo2=86', 'spo2=a..', '=1..2', 'spo2=1.2.3..', 'mood=1..2', 'spo2=99..90']) {
    expect((await zhuji('resident', 'limits', residentId, '--set', wrong)).code, wrong).toBe(2);
  }
  expect((await zhuji('resident', 'limits', residentId, '--set', 'spo2=86..', '--defaults')).code).toBe(2);
  expect(ofPerson()).toEqual(own);
  expect((await json('resident', 'limits', residentId, '--defaults')).recordedBy).toMatch(/^local:/);
  expect(ofPerson()).toEqual([]);
});
