import { pino } from 'pino';
import { createSerialLine, type SerialLineOptions } from '../../../../devices/links/serial/serial-line.ts';
import { afterwards } from '../../../harness/cleanup.ts';
import { until } from '../../../harness/until.ts';

/** A line that is looked after ten times a second, and everything it told. It stops with the test. */
export function startedLine(path: string, options: Partial<SerialLineOptions> = {}) {
  const told: string[] = [];
  const line = createSerialLine({
    ...{ name: 'front', path, baudRate: 9600, dataBits: 8, parity: 'none', stopBits: 1 },
    onBytes: (bytes) => {
      const text = Buffer.from(bytes).toString('latin1');
      const last = told.at(-1);
      // How many chunks the bytes come in is chance.
      if (last?.startsWith('bytes ') === true) told[told.length - 1] = last + text;
      else told.push(`bytes ${text}`);
    },
    onState: (state, code) => told.push(code === null ? state : `${state} ${code}`),
    logger: pino({ level: 'silent' }),
    limits: { lookEveryMs: 100 },
    ...options,
  });
  afterwards(() => line.stop());
  return {
    line,
    told,
    start: () => line.start(),
    write: (text: string) => line.write(Buffer.from(text, 'latin1')),
    isOpen: () => until(() => line.isOpen(), { timeoutMs: 30_000, what: 'the line to open' }),
    tells: (...expected: readonly string[]) =>
      until(() => JSON.stringify(told) === JSON.stringify(expected), {
        timeoutMs: 30_000,
        what: `${JSON.stringify(expected)}; told ${JSON.stringify(told)}`,
      }),
  };
}
