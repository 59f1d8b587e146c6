import { mkdir, open, readdir, readFile, stat, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../errors.ts';

/** One file of the trace. What it holds was written between `createdMs` and `endedMs`, by the gateway's clock. */
export type FrameFile = {
  /** Grows by one with each file and never comes again while younger ones are there. */
  readonly no: number;
  readonly path: string;
  readonly createdMs: number;
  /** When the next was begun; null for the last. */
  readonly endedMs: number | null;
  readonly sizeBytes: number;
};

export type FrameFilesOptions = {
  readonly folder: string;
  /** What its files begin with; files of another name in the folder are not its own. */
  readonly name: 'frames' | 'strangers';
  /** Highest number that others in the folder have: numbers are given once for all. */
  readonly lastNo: () => number;
  /** Of all files together. */
  readonly maxBytes: number;
  readonly keptMs: number;
  readonly nowMs: () => number;
};

/** Chosen: small enough to be read at once, and to be let go one by one; the oldest frame outlives its days by `FILE_MS` at most. */
const FILE_BYTES = 1024 * 1024;
const FILE_MS = 6 * 3_600_000;
const NAME = /^([a-z]+)-(\d{9})-(\d{13,15})\.jsonl$/;
/** They hold what devices say: positions, numbers, texts. */
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

type Known = { readonly no: number; readonly path: string; readonly createdMs: number; sizeBytes: number };

/**
 * The folder of the trace: files that are written one after the other, the oldest let go when its days are over or its room is
 * needed. Nothing is synced: a power cut may cost the last seconds. One call at a time; each throws what `node:fs` throws.
 */
export class FrameFiles {
  readonly #options: FrameFilesOptions;
  #files: Known[] = [];
  #current: { readonly file: Known; readonly handle: FileHandle } | null = null;
  #isOpen = false;

  constructor(options: FrameFilesOptions) {
    this.#options = options;
  }

  /** Makes or reads the folder and lets go what is over. Twice is once. */
  async open(): Promise<void> {
    if (this.#isOpen) return;
    const { folder } = this.#options;
    await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
    const found: Known[] = [];
    for (const name of (await readdir(folder)).toSorted()) {
      const parts = NAME.exec(name);
      if (parts === null || parts[1] !== this.#options.name) continue;
      const path = join(folder, name);
      found.push({ no: Number(parts[2]), createdMs: Number(parts[3]), path, sizeBytes: (await stat(path)).size });
    }
    this.#files = found;
    this.#isOpen = true;
    await this.expire();
  }

  /** Whole lines. Answers how many files had to go before their days were over, to make room. */
  async append(lines: Buffer): Promise<number> {
    await this.open();
    const pushedOut = await this.#makeRoom(lines.length);
    const { file, handle } = await this.#next();
    try {
      await handle.appendFile(lines);
      file.sizeBytes += lines.length;
    } catch (error) {
      // What was written of it ends in the middle of a line: the next begins in a file of its own.
      await this.#end();
      throw error;
    }
    return pushedOut;
  }

  /** Of its files; 0 where it has none. */
  get lastNo(): number {
    return this.#files.at(-1)?.no ?? 0;
  }

  /** The oldest first. */
  list(): readonly FrameFile[] {
    return this.#files.map((file, at) => ({ ...file, endedMs: this.#files[at + 1]?.createdMs ?? null }));
  }

  /** Empty where it was let go meanwhile. */
  async read({ path }: Pick<FrameFile, 'path'>): Promise<Buffer> {
    try {
      return await readFile(path);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return Buffer.alloc(0);
      throw error;
    }
  }

  /** Writes spaces over what stands there; line feeds must lie outside. Synced: what is erased is gone. */
  async blank(
    { path }: Pick<FrameFile, 'path'>,
    ranges: readonly { readonly from: number; readonly to: number }[],
  ): Promise<void> {
    const handle = await open(path, 'r+');
    try {
      for (const { from, to } of ranges) await handle.write(Buffer.alloc(to - from, 0x20), 0, to - from, from);
      await handle.sync();
    } finally {
      await handle.close();
    }
  }

  /** Lets go files whose youngest frame is older than its days. */
  async expire(): Promise<void> {
    const overMs = this.#options.nowMs() - this.#options.keptMs;
    const { file: current } = this.#current ?? {};
    if (current !== undefined && current.createdMs + FILE_MS < this.#options.nowMs()) await this.#end();
    for (const { no, endedMs, createdMs } of this.list()) {
      // The last of an earlier run may have been written to for as long as a file is.
      if ((endedMs ?? createdMs + FILE_MS) >= overMs || no === this.#current?.file.no) break;
      await this.#remove();
    }
  }

  async close(): Promise<void> {
    await this.#end();
  }

  async #makeRoom(bytes: number): Promise<number> {
    let removed = 0;
    const total = (): number => this.#files.reduce((sum, { sizeBytes }) => sum + sizeBytes, bytes);
    while (this.#files.length > 0 && total() > this.#options.maxBytes) {
      if (this.#files.length === 1) await this.#end();
      await this.#remove();
      removed += 1;
    }
    return removed;
  }

  async #next(): Promise<{ readonly file: Known; readonly handle: FileHandle }> {
    const nowMs = this.#options.nowMs();
    const { file } = this.#current ?? {};
    const isFull = file !== undefined && (file.sizeBytes >= FILE_BYTES || file.createdMs + FILE_MS < nowMs);
    if (isFull) await this.#end();
    if (this.#current !== null) return this.#current;
    await this.expire();
    const { folder, name, lastNo } = this.#options;
    const no = Math.max(this.lastNo, lastNo()) + 1;
    const path = join(folder, `${name}-${String(no).padStart(9, '0')}-${String(nowMs).padStart(13, '0')}.jsonl`);
    const handle = await open(path, 'ax', FILE_MODE);
    const made = { file: { no, path, createdMs: nowMs, sizeBytes: 0 }, handle };
    this.#files.push(made.file);
    this.#current = made;
    return made;
  }

  async #end(): Promise<void> {
    const ending = this.#current;
    this.#current = null;
    await ending?.handle.close();
  }

  async #remove(): Promise<void> {
    const [oldest] = this.#files;
    if (oldest === undefined) return;
    try {
      await unlink(oldest.path);
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
    }
    this.#files.shift();
  }
}
