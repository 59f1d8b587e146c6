import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A program or file of the machine that does not come with npm. */
export type Need = {
  readonly name: string;
  readonly why: string;
  /** Debian and Ubuntu package. None of these starts a system service. */
  readonly aptPackage: string;
  readonly isThere: () => boolean;
};

export const REDIS: Need = {
  name: 'redis-server or valkey-server',
  why: 'the gateway runs its own Redis',
  aptPackage: 'redis-tools',
  // The checker is the server, called by another name.
  isThere: () => ['redis-server', 'valkey-server', 'redis-check-rdb', 'valkey-check-rdb'].some(isOnPath),
};

/** What the tests need beside Redis. */
export const TEST_NEEDS: readonly Need[] = [
  {
    name: 'mosquitto_pub',
    why: 'a client that nobody here wrote presses the key',
    aptPackage: 'mosquitto-clients',
    isThere: () => isOnPath('mosquitto_pub'),
  },
  {
    name: 'strace',
    why: 'shows that the disk has answered before a device is told so',
    aptPackage: 'strace',
    isThere: () => isOnPath('strace'),
  },
  {
    name: 'faketime',
    why: 'a gateway whose clock is wrong',
    aptPackage: 'faketime',
    isThere: () => isOnPath('faketime'),
  },
  {
    name: 'socat',
    why: 'pseudo-terminals stand for serial ports',
    aptPackage: 'socat',
    isThere: () => isOnPath('socat'),
  },
  {
    name: 'chromium',
    why: 'the page rings in a real browser',
    aptPackage: 'chromium',
    isThere: () => isOnPath('chromium'),
  },
  {
    name: 'Noto CJK fonts',
    why: 'Chinese pages in that browser',
    aptPackage: 'fonts-noto-cjk',
    isThere: () => existsSync('/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc'),
  },
];

export function isOnPath(program: string): boolean {
  return findProgram(program) !== null;
}

/** Where a program of the machine lies; null where it is not on the PATH. */
export function findProgram(program: string): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path)) ?? null;
}
