import { pino } from 'pino';
import { expect, test } from 'vitest';
import { tellFaults } from '../../../../devices/links/mqtt/register-faults.ts';
import { safeStandingOf } from '../../../../devices/links/mqtt/route.ts';

const SECRET = new TextEncoder().encode('a secret of a device');

test('a register that fails is told without end but not each time, names nobody, and its senders are unproven', () => {
  const lines: string[] = [];
  const logger = pino({ level: 'error' }, { write: (line: string) => lines.push(line) });
  let fails = true;
  const directory = tellFaults(
    {
      standingOf: (name) => {
        if (fails) throw new TypeError(`nothing is known of ${name}`);
        return 'verified';
      },
    },
    logger,
  );
  for (let n = 0; n < 1000; n += 1) expect(safeStandingOf(directory, 'wang-1', SECRET)).toBe('unverified');
  const faults = lines.map((line) => (JSON.parse(line) as { faults: number }).faults);
  expect(faults).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512]);
  expect(lines.join('')).not.toMatch(/wang|a secret/);
  fails = false;
  expect(safeStandingOf(directory, 'wang-1', SECRET)).toBe('verified');
  expect(lines).toHaveLength(10);
});
