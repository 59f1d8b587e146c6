import { spawn } from 'node:child_process';
import { mkdtempSync, realpathSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { killBelow } from './processes-below.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Everything that the tests of this run put on disk or start lies below it. */
    runFolder: string;
  }
}

/**
 * Gateways of tests start by the dozen and compile the same files: this keeps what the compiler made, for all of them.
 * Somebody must fill it, because it is written at an orderly end and theirs is `kill -9`.
 */
export function compileCacheOf(runFolder: string): string {
  return join(runFolder, 'compile-cache');
}

function warmCompileCache(runFolder: string): void {
  const gateway = new URL('../../gateway/main.ts', import.meta.url).href;
  spawn(process.execPath, ['--input-type=module', '--eval', `await import(${JSON.stringify(gateway)})`], {
    cwd: runFolder,
    env: { NODE_COMPILE_CACHE: compileCacheOf(runFolder) },
    stdio: 'ignore',
  }).unref();
}

/**
 * Global set-up of a project with real servers. A reaper stands by: should this process be killed, it kills what works
 * below the run's folder and removes the folder.
 */
export function setup(project: TestProject): () => Promise<void> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'zhuji-test-')));
  project.provide('runFolder', folder);
  const reaper = spawn(process.execPath, [join(import.meta.dirname, 'reaper.ts'), folder], {
    stdio: ['pipe', 'ignore', 'inherit'],
    detached: true,
    cwd: '/',
  });
  reaper.unref();
  warmCompileCache(folder);
  return async () => {
    await killBelow(folder);
    await rm(folder, { recursive: true, force: true });
    reaper.stdin?.end();
  };
}
