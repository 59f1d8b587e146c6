import { expect, onTestFinished, test } from 'vitest';
import { createDistrict } from '../../../devices/simulator/district.ts';
import { systemClock } from '../../../gateway/clock.ts';
import { readSerialPorts } from '../../../gateway/serial/read-ports.ts';
import { planPorts } from '../../../scripts/simulate/serial-ports.ts';
import { COMMANDS } from '../../../scripts/zhuji/commands.ts';
import { runCommandLine } from '../../../scripts/zhuji/run.ts';
import { startedLink } from '../../devices/links/sur-gard/link-world.ts';
import { until } from '../../harness/until.ts';

test('phones behind a simulated receiver test themselves and press over a real line', async (context) => {
  const { pty, arrivals, link, logger } = await startedLink(context);
  const planned = planPorts(readSerialPorts(`sur-gard:${pty.devicePath}`).ports, 2);
  if (planned === null) throw new Error('no simulator');
  expect(planned.count).toBe(2);
  expect([0, 1].map((index) => planned.addressOf(index))).toEqual([{ account: 'FA00' }, { account: 'FA01' }]);
  const added = planned.models.map((model, index) => ({ id: `phone-${index}`, model }));
  const { devices, unplug } = await planned.plug(added, { clock: systemClock, logger });
  const district = createDistrict({ devices, random: () => 0.5, logger, pressesPerDeviceHour: 3600 });
  onTestFinished(async () => {
    await district.stop();
    await unplug();
  });
  district.start();
  const heard = (): Set<string> => new Set(arrivals.map(({ deviceId }) => deviceId));
  await until(() => heard().size === 2, { timeoutMs: 60_000, what: 'a press of each' });
  expect([...heard()].toSorted()).toEqual(['north-FA00', 'north-FA01']);
  expect(link.health().counters).toMatchObject({ unread: 0, unknownCodes: 0 });
});

test.each([
  [['--serial', 'sur-gard:'], 'needs the path of a port'],
  [['--serial', 'sur-gard:/dev/a?frame=x'], '8N1'],
  [['--serial', 'tractor:/dev/a'], 'must begin with one of'],
  [['--serial', 'sur-gard:/dev/a', '--per-port', '0'], '--per-port takes a number'],
])('simulate %s says what is wrong', async (argv, reason) => {
  let complaint = '';
  const code = await runCommandLine(COMMANDS, ['simulate', ...argv], {
    env: {},
    print: () => undefined,
    printError: (text) => void (complaint += text),
  });
  expect(code).toBe(2);
  expect(complaint).toContain(reason);
});
