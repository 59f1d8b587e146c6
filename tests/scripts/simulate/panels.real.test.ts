import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import type { Sender } from '../../../devices/links/ports.ts';
import { createDistrict } from '../../../devices/simulator/district.ts';
import { addressOfPanel, createSimulatedPanels, PANEL_MODELS } from '../../../scripts/simulate/panels.ts';
import { COMMANDS } from '../../../scripts/zhuji/commands.ts';
import { runCommandLine } from '../../../scripts/zhuji/run.ts';
import { NOW, soon, startWorld } from '../../devices/links/sia-dc09/world.ts';

const KEY = '00112233445566778899AABBCCDDEEFF';

test('simulated panels poll and press over TCP and UDP, every second of them encrypted', async () => {
  const added = [0, 1, 2].map((index) => ({
    id: `panel-${index}`,
    model: PANEL_MODELS[index % PANEL_MODELS.length] ?? '',
    ...(addressOfPanel(index).newKeyBits === undefined ? {} : { newKey: KEY }),
  }));
  const senders = new Map<string, Sender>(
    added.map(({ id, model, newKey }, index) => {
      const key = newKey === undefined ? null : Buffer.from(newKey, 'hex');
      return [addressOfPanel(index).account, { deviceId: id, standing: 'verified', model, key }];
    }),
  );
  const nobody: Sender = { deviceId: 'nobody', standing: 'unregistered', model: null, key: null };
  const world = await startWorld({ book: { accountOf: (_, account) => senders.get(account) ?? nobody } });
  const clock = { nowMs: () => NOW };
  const district = createDistrict({
    devices: createSimulatedPanels(added, { host: '127.0.0.1', port: world.port, clock }),
    random: () => 0.5,
    logger: pino({ level: 'silent' }),
    pressesPerDeviceHour: 3600,
  });
  onTestFinished(() => district.stop());
  district.start();
  const heard = () => new Set(world.arrivals.map(({ deviceId }) => deviceId));
  await soon(() => heard().size === 3, 'a press of each');
  expect(world.arrivals.every(({ standing, message }) => standing === 'verified' && message.type === 'sos')).toBe(true);
  expect(world.link.health().counters).toMatchObject({ inClear: 0, notDecrypted: 0, wrongCrc: 0 });
  expect(world.link.health().counters.heartbeats).toBeGreaterThanOrEqual(3);
  expect(world.link.health().counters.datagrams).toBeGreaterThanOrEqual(2);
});

test.each([
  [['--panels', '1'], '--panels needs --dc09'],
  [['--panels', '1', '--dc09', 'somewhere'], '--panels needs --dc09'],
  [['--devices', '0'], 'nothing to simulate'],
])('simulate %s says what is missing', async (argv, reason) => {
  let complaint = '';
  const code = await runCommandLine(COMMANDS, ['simulate', ...argv], {
    env: {},
    print: () => undefined,
    printError: (text) => void (complaint += text),
  });
  expect(code).toBe(2);
  expect(complaint).toContain(reason);
});
