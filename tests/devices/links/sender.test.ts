import { pino } from 'pino';
import { expect, test } from 'vitest';
import { callerOf } from '../../../devices/links/sender.ts';

test.each([
  ['+8613800001111', 'unknown'],
  [null, 'withheld'],
])('while the register fails a call from %s is heard as %s, and no log line has the number', (number, whose) => {
  const lines: string[] = [];
  const logger = pino({ level: 'error' }, { write: (line: string) => lines.push(line) });
  const book = {
    callerOf: (_line: string, of: string | null): never => {
      throw new TypeError(`nothing is known of ${of}`);
    },
  };
  expect(callerOf(book, 'line-1', number, logger)).toEqual({
    ...{ deviceId: 'line-1', standing: 'unregistered', model: null, key: null },
    caller: { number, whose, residentIds: [], homeId: null },
  });
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('"cause":"TypeError"');
  expect(lines.join('')).not.toContain('13800001111');
});
