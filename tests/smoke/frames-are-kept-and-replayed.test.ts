import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Frame, FramePage } from '../../gateway/api/contract/frames.ts';
import type { ResidentErased } from '../../gateway/api/contract/history.ts';
import { encodeDc09Event } from '../../protocols/sia-dc09/encode.ts';
import { ptyPair } from '../harness/pty-pair.ts';
import { scratchDir } from '../harness/scratch.ts';
import { until } from '../harness/until.ts';
import { hire } from './world/operator.ts';
import { dc09PortOf, openPanel } from './world/panel.ts';
import { addDevice, localClient } from './world/register.ts';
import { fateOf, openWorld, pressAndSee } from './world/world.ts';

const AT = '2026-03-01T08:00:00Z';
const hexOf = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('hex').toUpperCase();

function dc09Frame(account: string, sequence: number): Uint8Array {
  const event = { token: 'ADM-CID', line: '0', xdata: [], crcStyle: 'hex' } as const;
  return encodeDc09Event({ ...event, account, sequence, data: `#${account}|1101 00 001` });
}

test('what was on the wire is kept, found by who may read it, replayed by whoever means it, and erased with the person', async (context) => {
  const cable = await ptyPair(context);
  const env = { ZHUJI_DC09_PORT: '0', ZHUJI_SERIAL: `sur-gard:${cable.gatewayPath}?name=north` };
  const { gateway, admin, operator, feed } = await openWorld({ env });
  const dc09Port = dc09PortOf(gateway);
  const phone = await addDevice(gateway, { name: '周奶奶' });
  const hub = await addDevice(gateway, { model: 'ip-hub', name: '李爷爷', sends: { account: '2001' } });
  const dialler = await addDevice(gateway, { model: 'ip-dialer', sends: { account: '2002' } });
  const panelPhone = await addDevice(gateway, { model: 'landline-contact-id', sends: { account: '3001' } });
  const opened = (deviceId: string) => fateOf(feed, deviceId, 'opened');
  const client = localClient(gateway);
  const framesOf = async (deviceId: string, query = ''): Promise<readonly Frame[]> =>
    (await client.request<FramePage>('GET', `/devices/${deviceId}/frames?${query}`)).items;

  // Kept: as it was, with what it meant and the alarm that it became.
  const payload = '{"type":"sos","id":"n1","text":"MARKER"}';
  const { incident } = await pressAndSee(feed, phone, payload);
  const [alarm] = (await operator.detail(incident.id)).alarms;
  const [kept] = await until(() => framesOf(phone.deviceId), { timeoutMs: 30_000, what: 'the frame of a press' });
  expect(kept).toMatchObject({ link: 'mqtt', direction: 'in', deviceId: phone.deviceId, meaning: 'alarm sos' });
  expect(kept).toMatchObject({ hex: hexOf(payload), text: payload, eventIds: [alarm?.id], isCut: false });

  await openPanel(dc09Port, { account: '2001' }).press();
  await opened(hub.deviceId);
  const ofHub = await until(async () => (await framesOf(hub.deviceId)).length >= 2 && framesOf(hub.deviceId), {
    timeoutMs: 30_000,
    what: 'a frame and its answer',
  });
  expect(ofHub.map(({ link, direction, meaning }) => [link, direction, meaning])).toEqual(
    expect.arrayContaining([
      ['dc09', 'in', 'alarm sos'],
      ['dc09', 'out', 'ack'],
    ]),
  );
  await openPanel(dc09Port, { account: '2999' }).press();
  const ofNobody = await until(() => gateway.zhujiJson<Frame[]>('frames', '--link', 'dc09', '--text', '2999'), {
    timeoutMs: 30_000,
    what: 'the frame of a stranger',
  });
  expect(new Set(ofNobody.map(({ deviceId }) => deviceId))).toEqual(new Set(['dc09-2999']));

  // Found.
  expect(await framesOf(hub.deviceId, `text=${hexOf('"SIA-DCS"')}`)).toMatchObject([{ direction: 'in' }]);
  expect(await framesOf(hub.deviceId, 'text=never+sent')).toEqual([]);
  expect(await framesOf(phone.deviceId, 'to=2026-01-01T00:00:00Z')).toEqual([]);
  const shown = await gateway.zhuji('device', 'frames', phone.deviceId, '--since', '1h', '--text', 'marker');
  expect(shown.stdout).toContain(`text  ${payload}`);
  expect((await gateway.zhuji('device', 'frames', phone.deviceId, '--since', 'soon')).code).toBe(2);

  // By who may read it.
  const path = `/devices/${phone.deviceId}/frames`;
  const stranger = await hire(gateway, admin, { username: 'wu', regions: ['other-city'] });
  expect((await operator.ask<FramePage>('GET', path)).body.items).toHaveLength(1);
  await operator.act(incident.id, 'claim', {});
  const closing = { outcome: 'helped', contact: 'seen-by', name: 'nurse', text: 'fine' } as const;
  await operator.act(incident.id, 'resolve', closing);
  await until(async () => (await stranger.ask('GET', path)).status === 404, {
    timeoutMs: 30_000,
    what: 'a closed file',
  });
  expect((await operator.ask('GET', '/frames?link=dc09')).status).toBe(403);
  expect((await admin.ask('GET', '/frames?link=dc09&text=2999')).status).toBe(200);

  // Replayed: told, refused without a yes, and then as real as a press.
  const folder = await scratchDir();
  const exported = join(folder, 'exported.json');
  await writeFile(exported, (await gateway.zhuji('device', 'frames', hub.deviceId, '--json')).stdout);
  const told = await gateway.zhuji('replay', exported, '--dry-run');
  expect(told.stdout).toMatch(/^\S+ {2}sia-dc09 {2}\S+ {2}alarm sos\n$/u);
  expect((await gateway.zhuji('replay', exported, '--to', `tcp://127.0.0.1:${dc09Port}`)).code).toBe(2);
  const capture = async (name: string, ...lines: string[]): Promise<string> => {
    await writeFile(join(folder, name), lines.join('\n'));
    return join(folder, name);
  };
  const send = (file: string, to: string, ...more: string[]): Promise<{ answer: string }[]> =>
    gateway.zhujiJson('replay', file, '--to', to, '--yes', '--fast', ...more);
  const panels = await capture('panels', `${AT} sia-dc09 ${hexOf(dc09Frame('2002', 11))}`);
  expect(await send(panels, `tcp://127.0.0.1:${dc09Port}`)).toMatchObject([{ answer: 'ACK', meaning: 'alarm sos' }]);
  const once = await opened(dialler.deviceId);
  expect(await send(panels, `udp://127.0.0.1:${dc09Port}`)).toMatchObject([{ answer: 'ACK' }]);
  await feed.until(
    ({ entry, incident: same }) => entry.type === 'repeated' && same.id === once.incident.id,
    'the same frame as a repeat',
  );
  const receiver = await capture('receiver', `${AT} north ${hexOf('5011 183001E10100001')}`);
  const overSerial = send(receiver, cable.devicePath, '--as', 'sur-gard');
  expect(await overSerial).toMatchObject([{ answer: 'ACK' }]);
  await opened(panelPhone.deviceId);
  const press = await capture('press', `${AT} mqtt ${hexOf('{"type":"fall"}')} ${phone.deviceId}`);
  expect(await send(press, gateway.mqttUrl)).toMatchObject([{ answer: 'PUBACK', meaning: 'alarm fall' }]);
  const replayed = await feed.until(
    ({ entry, incident: { type, deviceId } }) =>
      entry.type === 'opened' && type === 'fall' && deviceId === phone.deviceId,
    'the replayed fall',
  );
  expect(replayed.incident.flags).toContain('unverified');

  // Erased with the person, on the disk too; what is others' stays.
  await operator.act(replayed.incident.id, 'claim', {});
  await operator.act(replayed.incident.id, 'resolve', closing);
  const erased = await until(
    async () => {
      const words = ['erase', '--resident', phone.residentId ?? '', '--ground', 'asked for'];
      const { code, stdout } = await gateway.zhuji(...words, '--json');
      return code === 0 && (JSON.parse(stdout) as ResidentErased);
    },
    { timeoutMs: 60_000, everyMs: 1000, what: 'the person to be erased' },
  );
  expect(erased.dryRun).toBe(false);
  await until(async () => (await framesOf(phone.deviceId)).length === 0, {
    timeoutMs: 90_000,
    everyMs: 500,
    what: 'their frames to be gone',
  });
  const traces = join(gateway.dataDir, 'trace');
  const onDisk = await Promise.all((await readdir(traces)).map((name) => readFile(join(traces, name), 'latin1')));
  expect(onDisk.join('')).not.toContain(Buffer.from(payload).toString('base64'));
  expect((await framesOf(hub.deviceId)).length).toBeGreaterThanOrEqual(2);
});
