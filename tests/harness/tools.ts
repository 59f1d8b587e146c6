import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { TestContext } from 'vitest';

/** A program of the machine that a test needs. In CI a missing one fails the test, elsewhere the test is shown as skipped. */
export function needTool(context: TestContext, name: string): string {
  const found = findTool(name);
  if (found !== undefined) return found;
  if (process.env['CI'] !== undefined) throw new Error(`${name} is not installed`);
  context.skip(`${name} is not installed`);
}

export function findTool(name: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => isExecutable(path));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
