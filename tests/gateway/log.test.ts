import { expect, test } from 'vitest';
import { createLogger } from '../../gateway/log.ts';

function capture() {
  const lines: string[] = [];
  const logger = createLogger({ level: 'debug', destination: { write: (line) => void lines.push(line) } });
  return { logger, lines };
}

test('fields that may hold personal data are redacted, also further down', () => {
  const { logger, lines } = capture();
  logger.info({ name: 'MARK', resident: { number: 'MARK' }, a: { b: { password: 'MARK' } }, id: 'r-1' }, 'x');
  expect(lines.join()).not.toContain('MARK');
  expect(lines.join()).toContain('r-1');
});

test('an error of JSON.parse is logged without the text that it quotes', () => {
  const { logger, lines } = capture();
  try {
    JSON.parse('{"name": MARK}');
  } catch (err) {
    logger.warn({ err }, 'x');
  }
  expect(lines.join()).not.toContain('MARK');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'warn', err: { type: 'SyntaxError' } });
});

test('an error of PostgreSQL keeps its code alone, also as the cause of another', () => {
  const { logger, lines } = capture();
  const refused = Object.assign(new Error('Key (name)=(MARK) exists'), {
    severity: 'ERROR',
    code: '23505',
    detail: 'MARK',
  });
  logger.warn({ err: new Error('not stored', { cause: refused }) }, 'x');
  expect(lines.join()).not.toContain('MARK');
  expect(JSON.parse(lines[0] ?? '').err).toMatchObject({ message: 'not stored', cause: { code: '23505' } });
});
