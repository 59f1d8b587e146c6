import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { describeRun, putBetweenMarks } from '../../../scripts/bench/readme.ts';

const README = new URL('../../../README.md', import.meta.url);

test('the table takes the place of the one before, and nothing else changes', async () => {
  const readme = await readFile(README, 'utf8');
  const once = putBetweenMarks(readme, '\nfirst\n');
  const twice = putBetweenMarks(once, 'second');
  expect(once).toContain('-->\n\nfirst\n\n<!--');
  expect(twice).not.toContain('first\n\n<!-- end of bench');
  expect(twice).toBe(once.replace('-->\n\nfirst\n\n<!--', '-->\n\nsecond\n\n<!--'));
  expect(putBetweenMarks(twice, 'first')).toBe(once);
});

test('a README without the marks is left alone', () => {
  expect(() => putBetweenMarks('# Zhuji\n', 'table')).toThrow('no place for the table');
});

test('what it was measured on is said, without servers where there were none', () => {
  const machine = { cores: 2, processor: 'AMD', node: 'v24.1.0', postgres: '18.4', redis: 'Valkey 8.1' };
  const run = { day: '2026-11-22', seconds: 540, command: 'npm run bench', repeats: 5 };
  const text = describeRun(machine, run);
  expect(text).toContain('Measured on 2026-11-22 with `npm run bench` in 9.0 minutes: 2 processors (AMD)');
  expect(text).toContain('Node.js v24.1.0, PostgreSQL 18.4, Valkey 8.1; medians of 5');
  expect(describeRun({ ...machine, postgres: null, redis: null }, run)).toContain('Node.js v24.1.0; medians');
});
