import { open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Logger } from 'pino';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { ZhujiError } from '../errors.ts';
import { RegisterRows } from './rows.ts';
import { upgradeRows } from './upgrade-rows.ts';

/** Raised when the form of the rows changes so that older ones must be brought up to it (`upgradeRows`). */
const VERSION = 2;
const FILE = 'register.snapshot.json';

const SnapshotFile = Compile(
  Type.Object({
    version: Type.Integer({ minimum: 1, maximum: VERSION }),
    savedAt: Type.Number(),
    rows: Type.Unknown(),
  }),
);
const Rows = Compile(RegisterRows);

/** The file is there and cannot be used: cut, foreign or of another version. The gateway starts as if it had none. */
export class SnapshotError extends ZhujiError {
  declare readonly code: 'snapshot-unreadable';

  constructor(options?: { readonly cause: unknown }) {
    super('snapshot-unreadable', 'the snapshot of the register cannot be used', options);
  }
}

/** Replaces the snapshot whole, readable by this account alone: it holds personal data, password hashes and the session key. */
export async function saveSnapshot(dataDir: string, rows: RegisterRows, nowMs: number): Promise<void> {
  const path = join(dataDir, FILE);
  const file = await open(`${path}.new`, 'w', 0o600);
  try {
    await file.chmod(0o600);
    await file.writeFile(JSON.stringify({ version: VERSION, savedAt: nowMs, rows }));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** The register as last saved; undefined where none was. @throws SnapshotError */
export async function loadSnapshot(dataDir: string): Promise<{ rows: RegisterRows; savedAt: number } | undefined> {
  let text: string;
  try {
    text = await readFile(join(dataDir, FILE), 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw new SnapshotError({ cause });
  }
  const parsed = parseJson(text);
  if (!SnapshotFile.Check(parsed)) throw new SnapshotError();
  const rows = upgradeRows(parsed.rows, parsed.version);
  if (!Rows.Check(rows)) throw new SnapshotError();
  return { rows, savedAt: parsed.savedAt };
}

/** The same, where what goes wrong is only to be told: without a snapshot Postgres alone knows. */
export async function trySaveSnapshot(
  dataDir: string,
  rows: RegisterRows,
  nowMs: number,
  logger: Pick<Logger, 'error'>,
): Promise<void> {
  try {
    await saveSnapshot(dataDir, rows, nowMs);
  } catch (err) {
    logger.error({ err }, 'register snapshot not saved');
  }
}

export async function tryLoadSnapshot(
  dataDir: string,
  logger: Pick<Logger, 'error'>,
): Promise<RegisterRows | undefined> {
  try {
    return (await loadSnapshot(dataDir))?.rows;
  } catch (err) {
    logger.error({ err }, 'register snapshot not used');
    return undefined;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SnapshotError({ cause });
  }
}
