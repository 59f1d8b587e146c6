import { globSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { CAPABILITIES, GRANTS } from '../../scripts/lint/capabilities.ts';
import { copyProject } from './project-copy.ts';

type Plant = { readonly path: string; readonly source: string; readonly rule: string };

const IMPORTS = 'no-restricted-imports';

/** Every door of the table, opened in a file that has no grant. */
const DOORS: readonly Plant[] = Object.entries(CAPABILITIES).flatMap(([name, { imports, globals, properties }]) => {
  const path = (index: number) => `gateway/incidents/planted-${name}-${index}.ts`;
  const sources = [
    ...imports.map((entry) => [
      IMPORTS,
      `import { ${firstName(entry)} as x } from '${entry.name}';\nexport const y = x;`,
    ]),
    ...globals.map((word) => ['no-restricted-globals', `export const y = () => ${word};`]),
    ...properties.map(({ object, property }) => [
      'no-restricted-properties',
      `export const y = () => ${object}.${property};`,
    ]),
  ] as [string, string][];
  return sources.map(([rule, source], index) => ({ path: path(index), source, rule }));
});

const DIRECTIONS: readonly Plant[] = [
  ['protocols/planted-devices.ts', `import type { AlarmEvent as x } from '../devices/event.ts'; export type Y = x;`],
  ['protocols/planted-node.ts', `import { inspect } from 'node:util'; export const y = inspect;`],
  ['protocols/planted-package.ts', `import { ulid } from 'ulid'; export const y = ulid;`],
  ['protocols/planted-t.ts', `import { x } from 'temporal-polyfill'; export const y = x;`],
  ['devices/planted-gateway.ts', `import { systemClock } from '../gateway/clock.ts'; export const y = systemClock;`],
  ['devices/links/mqtt/planted-simulator.ts', `import { x } from '../../simulator/x.ts'; export const y = x;`],
  ['gateway/ingest/planted-simulator.ts', `import { x } from '../../devices/simulator/x.ts'; export const y = x;`],
  ['gateway/ingest/planted-tests.ts', `import { until } from '../../tests/harness/until.ts'; export const y = until;`],
  [
    'gateway/ingest/planted-scripts.ts',
    `import { REDIS } from '../../scripts/setup/needs.ts'; export const y = REDIS;`,
  ],
  ['gateway/ingest/planted-dashboard.ts', `import type { x } from '../../dashboard/app.tsx'; export type Y = x;`],
  ['scripts/planted-tests.ts', `import { until } from '../tests/harness/until.ts'; export const y = until;`],
  ['dashboard/planted-value.ts', `import { Id } from '../gateway/api/contract/primitives.ts'; export const y = Id;`],
  ['dashboard/planted-inside.ts', `import type { Clock } from '../gateway/clock.ts'; export type Y = Clock;`],
  ['dashboard/queue/planted-devices.ts', `import type { x } from '../../devices/event.ts'; export type Y = x;`],
  ['dashboard/planted-node.ts', `import { join } from 'node:path'; export const y = join;`],
  // A file with one grant has no others, and its imports run in the same direction.
  ['gateway/clock.ts', `import { readFileSync } from 'node:fs'; export const y = readFileSync;`],
  ['gateway/escalation/engine.ts', `import { until } from '../../tests/harness/until.ts'; export const y = until;`],
].map(([path = '', source = '']) => ({ path, source, rule: IMPORTS }));

const HABITS: readonly Plant[] = [
  ['gateway/planted-one.ts', `import { b } from './planted-two.ts';\nexport const a = () => b;`, 'no-cycle'],
  ['gateway/planted-two.ts', `import { a } from './planted-one.ts';\nexport const b = () => a;`, 'no-cycle'],
  ['gateway/planted-default.ts', `export default 1;`, 'no-default-export'],
  ['gateway/planted-barrel.ts', `export * from './clock.ts';`, 'no-barrel-file'],
  ['gateway/planted-console.ts', `export const y = () => console.log(1);`, 'no-console'],
  ['gateway/planted-any.ts', `export const y = (x: any) => x;`, 'no-explicit-any'],
  ['gateway/planted-bang.ts', `export const y = (x: string[]) => x[0]!.length;`, 'no-non-null-assertion'],
  ['gateway/planted-promise.ts', `const f = async () => 1;\nexport const y = () => { f(); };`, 'no-floating-promises'],
  ['gateway/planted-catch.ts', `export const y = (f: () => void) => { try { f(); } catch {} };`, 'no-empty'],
  ['gateway/planted-ignore.ts', `// @ts-ignore\nexport const y: number = '';`, 'ban-ts-comment'],
  ['gateway/planted-throw.ts', `export const y = () => { throw 'text'; };`, 'only-throw-error'],
  ['gateway/planted-equal.ts', `export const y = (a: unknown) => a == 1;`, 'eqeqeq'],
  ['gateway/planted-lines.ts', `export const y = [\n${'  1,\n'.repeat(320)}];`, 'max-lines'],
  [
    'gateway/planted-switch.ts',
    `export const y = (x: 'a' | 'b') => { switch (x) { case 'a': return 1; } return 2; };`,
    'switch-exhaustiveness-check',
  ],
].map(([path = '', source = '', rule = '']) => ({ path, source, rule }));

/** What stays allowed, so that the guards are not merely shut. */
const ALLOWED: readonly (readonly [string, string])[] = [
  ['gateway/incidents/allowed-type.ts', `import type { Redis } from 'ioredis';\nexport type Y = Redis;\n`],
  ['gateway/incidents/allowed-net.ts', `import { isIP } from 'node:net';\nexport const y = isIP;\n`],
  ['gateway/incidents/allowed-hash.ts', `import { createHash } from 'node:crypto';\nexport const y = createHash;\n`],
  ['protocols/allowed-typebox.ts', `import { Type } from 'typebox';\nexport const y = Type;\n`],
  ['devices/allowed-protocols.ts', `import '../protocols/allowed-typebox.ts';\n`],
  [
    'dashboard/allowed-contract.ts',
    `import type { Incident } from '../gateway/api/contract/incident.ts';\nexport type Y = Incident;\n`,
  ],
];

const PLANTS = [...DOORS, ...DIRECTIONS, ...HABITS];
const rulesByFile = new Map<string, Set<string>>();

beforeAll(async () => {
  const copy = await copyProject();
  for (const { path, source } of PLANTS) await copy.plant(path, `${source}\n`);
  for (const [path, source] of ALLOWED) await copy.plant(path, source);
  const { output } = await copy.run('node_modules/oxlint/bin/oxlint', '--type-aware', '--deny-warnings', '-f', 'unix');
  for (const line of output.split('\n')) {
    const found = /^([^:]+):\d+:\d+: .*\((.+)\)\]$/.exec(line);
    if (found === null) continue;
    const [, file = '', rule = ''] = found;
    rulesByFile.set(file, (rulesByFile.get(file) ?? new Set()).add(rule));
  }
});

test.each(PLANTS)('$rule catches $path', ({ path, rule }) => {
  expect([...(rulesByFile.get(path) ?? [])]).toContain(rule);
});

test.each(ALLOWED)('%s is allowed', (path) => {
  expect(rulesByFile.get(path)).toBeUndefined();
});

test('every grant names files that are there, and none is named twice', () => {
  const root = join(import.meta.dirname, '..', '..');
  const patterns = GRANTS.flatMap(({ files }) => files);
  expect(patterns.filter((pattern) => globSync(pattern, { cwd: root }).length === 0)).toEqual([]);
  expect(patterns).toEqual([...new Set(patterns)]);
});

function firstName(entry: object): string {
  const names = 'importNames' in entry && Array.isArray(entry.importNames) ? (entry.importNames as string[]) : [];
  return names[0] ?? 'planted';
}
