import { chmod, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What the demo must remember to go on with the same data: passwords are shown once and kept nowhere else. */
export type DemoSecrets = {
  readonly users: Readonly<Record<string, string>>;
  readonly devices: Readonly<Record<string, string>>;
  /** Of the accounts of panels that encrypt, in hexadecimal, by device. */
  readonly keys: Readonly<Record<string, string>>;
};

const NONE: DemoSecrets = { users: {}, devices: {}, keys: {} };

/** `demo.json` in the data folder (0600); empty where there is none. */
export async function loadSecrets(dataDir: string): Promise<DemoSecrets> {
  try {
    // Of a demo that was begun before there were panels, without `keys`.
    return { ...NONE, ...(JSON.parse(await readFile(join(dataDir, 'demo.json'), 'utf8')) as Partial<DemoSecrets>) };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return NONE;
    throw error;
  }
}

export async function saveSecrets(dataDir: string, secrets: DemoSecrets): Promise<void> {
  const path = join(dataDir, 'demo.json');
  await writeFile(`${path}.new`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  await chmod(`${path}.new`, 0o600);
  await rename(`${path}.new`, path);
}
