import { expect, onTestFinished, test } from 'vitest';
import { createDistrict } from '../../../devices/simulator/district.ts';
import { systemClock } from '../../../gateway/clock.ts';
import { readSerialPorts } from '../../../gateway/serial/read-ports.ts';
import { planPorts } from '../../../scripts/simulate/serial-ports.ts';
import { COMMANDS } from '../../../scripts/zhuji/commands.ts';
import { runCommandLine } from '../../../scripts/zhuji/run.ts';
import { startedLink } from '../../devices/links/sur-gard/link-world.ts';
import { until } from '../../harness/until.ts';

test('phones behind simulated receivers test themselves and press over real lines, each over its own', async (context) => {
  const ends = [await startedLink(context), await startedLink(context)] as const;
  const { logger } = ends[0];
  const text = ends.map(({ pty }, index) => `sur-gard:${pty.devicePath}?name=port-${index}`).join(',');
  const planned = planPorts(readSerialPorts(text).ports, 2);
  expect([0, 1, 2, 3].map((index) => planned.addressOf(index).account)).toEqual(['FA00', 'FA01', 'FA02', 'FA03']);
  const added = planned.models.map((model, index) => ({ id: `phone-${index}`, model }));
  const { devices, unplug } = await planned.plug(added, { clock: systemClock, logger });
  const district = createDistrict({ devices, random: () => 0.5, logger, pressesPerDeviceHour: 3600 });
  onTestFinished(async () => {
    await district.stop();
    await unplug();
  });
  district.start();
  const heard = (): string[] =>
    ends.map(({ arrivals }) => [...new Set(arrivals.map(({ deviceId }) => deviceId))].toSorted().join());
  await until(() => heard().join(';') === 'north-FA00,north-FA01;north-FA02,north-FA03', {
    timeoutMs: 60_000,
    what: 'a press of each, over its own line',
  });
  for (const { link } of ends) expect(link.health().counters).toMatchObject({ unread: 0, unknownCodes: 0 });
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
