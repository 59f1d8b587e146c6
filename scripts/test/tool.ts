import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '..', '..');

export type ToolOutcome = { readonly isOk: boolean; readonly output: string };

/** Runs the command of an installed package on this Node.js. A run that was stopped or took too long has failed. */
export async function runTool(
  name: string,
  args: readonly string[],
  {
    timeoutMs,
    isShown,
    signal,
  }: { readonly timeoutMs: number; readonly isShown: boolean; readonly signal: AbortSignal },
): Promise<ToolOutcome> {
  const child = spawn(process.execPath, [findCommand(name), ...args], {
    cwd: ROOT,
    stdio: isShown ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return new Promise((resolve) => {
    child.once('error', (error) => {
      output += `${name}: ${error.message}\n`;
    });
    child.once('close', (code) => resolve({ isOk: code === 0 && !signal.aborted, output }));
  });
}

/** The script behind a package's command, from its package.json. */
function findCommand(name: string): string {
  const folder = join(ROOT, 'node_modules', name === 'tsc' ? 'typescript' : name);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly bin: string | Readonly<Record<string, string>>;
  };
  const path = typeof bin === 'string' ? bin : bin[name];
  if (path === undefined) throw new Error(`${name} has no command`);
  return join(folder, path);
}
