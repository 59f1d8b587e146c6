/**
 * A check (one command, counted once) or a project of vitest (counted test by test), in the order in which they run. Tests on
 * shared ground have many processes beside them: what failed there is run once more, alone.
 */
export type Step =
  | { readonly name: string; readonly kind: 'check'; readonly tool: string; readonly args: readonly string[] }
  | { readonly name: string; readonly kind: 'tests'; readonly project: string; readonly isShared: boolean };

export const STEPS = [
  { name: 'format', kind: 'check', tool: 'oxfmt', args: ['--check', '.'] },
  { name: 'lint', kind: 'check', tool: 'oxlint', args: ['--type-aware', '--deny-warnings'] },
  { name: 'types', kind: 'check', tool: 'tsc', args: ['-p', '.'] },
  { name: 'dashboard-types', kind: 'check', tool: 'tsc', args: ['-p', 'dashboard'] },
  { name: 'unused', kind: 'check', tool: 'knip', args: [] },
  { name: 'build', kind: 'check', tool: 'vite', args: ['build', 'dashboard', '--logLevel', 'warn'] },
  { name: 'unit', kind: 'tests', project: 'unit', isShared: false },
  { name: 'smoke', kind: 'tests', project: 'smoke', isShared: true },
  { name: 'browser', kind: 'tests', project: 'browser', isShared: true },
] as const satisfies readonly Step[];
