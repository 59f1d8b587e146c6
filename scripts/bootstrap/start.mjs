import { fileURLToPath } from 'node:url';
import { endLike, handOver } from './hand-over.mjs';
import { findMismatch, install } from './install.mjs';
import { findRuntime, majorOf } from './runtime.mjs';

/** The oldest Node.js that this bootstrap itself was written for. */
const LEAST_BOOTSTRAP_MAJOR = 18;

export const PROJECT_ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Starts `entry` (TypeScript, an absolute path) on the pinned Node.js, installing packages first where they are missing,
 * and ends as it ends. `withoutDev`: development packages are not needed for it.
 */
export async function start(entry, args, { withoutDev = false } = {}) {
  if (majorOf(process.versions.node) < LEAST_BOOTSTRAP_MAJOR) {
    return fail(`Node.js ${process.versions.node} is too old: install Node.js ${LEAST_BOOTSTRAP_MAJOR} or newer.`);
  }
  const reason = findMismatch(PROJECT_ROOT, { withoutDev });
  if (reason !== null) {
    const installed = await install(PROJECT_ROOT, reason);
    if (installed.code !== 0) return endLike(installed);
  }
  const runtime = findRuntime(PROJECT_ROOT);
  if (runtime === null) {
    return fail(
      `No Node.js 24 for ${process.platform}-${process.arch} among the packages: install Node.js 24 or newer yourself.`,
    );
  }
  endLike(await handOver(runtime, [entry, ...args], { watched: true }));
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}
