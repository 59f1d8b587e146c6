import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { handOver } from './hand-over.mjs';

/**
 * Why `npm ci` has to run before the project can, or null when what is installed is what package-lock.json says.
 * npm notes what it installed in node_modules/.package-lock.json. Packages for other machines are marked optional there
 * and absent from it; with `withoutDev`, development packages may be absent too (`npm ci --omit=dev` on a server).
 */
export function findMismatch(root, { withoutDev = false, platform = process.platform, arch = process.arch } = {}) {
  if (!existsSync(join(root, 'node_modules'))) return 'node_modules is absent';
  const notedPath = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(notedPath)) return 'node_modules does not say what it holds';
  const wanted = readPackages(join(root, 'package-lock.json'));
  const present = readPackages(notedPath);
  const ours = wanted['']?.optionalDependencies ?? {};
  for (const [path, pkg] of Object.entries(wanted)) {
    if (path === '') continue;
    const name = path.slice('node_modules/'.length);
    const found = present[path];
    if (found === undefined) {
      if (withoutDev && (pkg.dev === true || pkg.devOptional === true)) continue;
      if (pkg.optional === true && !(name in ours && isFor(pkg, platform, arch))) continue;
      return `${name} is not installed`;
    }
    if (found.version !== pkg.version || found.integrity !== pkg.integrity) {
      return `${name} is ${found.version}, not the ${pkg.version} of package-lock.json`;
    }
  }
  const surplus = Object.keys(present).find((path) => wanted[path] === undefined);
  return surplus === undefined ? null : `${surplus.slice('node_modules/'.length)} is not in package-lock.json`;
}

/** Runs `npm ci` in `root`; everything it says goes to stderr, so that a command's own output stays clean. */
export async function install(root, reason) {
  process.stderr.write(`Installing packages, because ${reason}: npm ci\n`);
  const args = ['ci', '--include=dev', '--include=optional', '--no-fund', '--no-audit', '--loglevel=error'];
  const [command, ...first] = findNpm();
  const stdio = ['ignore', 2, 2];
  const result = await handOver(command, [...first, ...args], { cwd: root, stdio, shell: isWindowsScript(command) });
  if (result.signal === null && result.code === 0) return result;
  if (result.signal !== null) {
    process.stderr.write('Stopped while packages were being installed; nothing was started.\n');
    return result;
  }
  process.stderr.write(`npm ci failed; nothing was started. Run it by itself in ${root} to see why.\n`);
  return result;
}

function readPackages(path) {
  return JSON.parse(readFileSync(path, 'utf8')).packages ?? {};
}

function isFor(pkg, platform, arch) {
  const allows = (list, value) => list === undefined || [list].flat().includes(value);
  return allows(pkg.os, platform) && allows(pkg.cpu, arch);
}

/** The npm that is running us, so that its version and settings stay the same; else the one on the PATH. */
function findNpm() {
  const running = process.env['npm_execpath'];
  if (running !== undefined && /npm-cli\.c?js$/.test(running) && existsSync(running))
    return [process.execPath, running];
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
}

function isWindowsScript(command) {
  return command.endsWith('.cmd');
}
