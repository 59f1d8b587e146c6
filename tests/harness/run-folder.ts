import { spawn } from 'node:child_process';
import { mkdtempSync, realpathSync, statfsSync } from 'node:fs';
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

/** A run needs about a tenth of it at once. */
const ROOM_BYTES = 4 * 1024 ** 3;
const MEMORY = '/dev/shm';

/**
 * In memory where there is room: every server of a test waits for its disk as in a real site, and on some disks that is half of
 * all the work. Nothing of a run must outlive the machine; who wants another place says so by TMPDIR.
 */
function chooseBase(): string {
  if (process.env['TMPDIR'] !== undefined) return tmpdir();
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    if (bavail * bsize >= ROOM_BYTES) return MEMORY;
  } catch {
    // No such folder: not Linux.
  }
  return tmpdir();
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
  const folder = realpathSync(mkdtempSync(join(chooseBase(), 'zhuji-test-')));
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
