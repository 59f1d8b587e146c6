import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { BackupError } from './backup-error.ts';

/**
 * A backup is gzip around a script that psql reads too: comments, and COPY in its text form. The first line says what is in
 * it, the last that nothing is missing.
 */
const HEADER_MARK = '-- zhuji backup ';
const END_MARK = '-- end ';
const FORMAT = 1;

/** As the tables of this project are called; nothing else gets into a statement. */
const Name = Type.String({ pattern: '^[a-z_][a-z0-9_]{0,62}$' });
const Table = Type.Object({ name: Name, columns: Type.Array(Name, { minItems: 1 }) });
const Header = Type.Object({
  format: Type.Literal(FORMAT),
  /** The moment whose state it has. ISO 8601. */
  at: Type.String({ format: 'date-time' }),
  migrations: Type.Array(Type.Object({ name: Type.String(), checksum: Type.String() })),
  /** Where the audit chain stood; hash in hexadecimal. */
  head: Type.Object({ seq: Type.Integer({ minimum: 0 }), hash: Type.String() }),
  /** In an order in which each row finds what it refers to. */
  tables: Type.Array(Table),
  /** The parts of the tables that have parts. */
  parts: Type.Array(Name),
});
const End = Type.Object({ rows: Type.Record(Type.String(), Type.Integer({ minimum: 0 })) });

export type BackupHeader = Static<typeof Header>;
export type BackupTable = Static<typeof Table>;
export type BackupEnd = Static<typeof End>;

const HeaderCheck = Compile(Header);
const EndCheck = Compile(End);

export function formatHeader(header: Omit<BackupHeader, 'format'>): string {
  return `${HEADER_MARK}${JSON.stringify({ format: FORMAT, ...header })}\n`;
}

export function formatEnd(end: BackupEnd): string {
  return `${END_MARK}${JSON.stringify(end)}\n`;
}

/** The line before the rows of a table: a statement. */
export function formatCopy({ name, columns }: BackupTable): string {
  return `copy ${quote(name)} (${columns.map(quote).join(', ')}) from stdin`;
}

export function quote(name: string): string {
  return `"${name}"`;
}

/** @throws BackupError `damaged` */
export function parseHeader(line: string): BackupHeader {
  const found = parseMarked(line, HEADER_MARK);
  if (!HeaderCheck.Check(found))
    throw new BackupError('damaged', 'This is no backup of Zhuji that this version can read');
  return found;
}

/** Null for what is not the last line. @throws BackupError `damaged` */
export function parseEnd(line: string): BackupEnd | null {
  if (!line.startsWith(END_MARK)) return null;
  const found = parseMarked(line, END_MARK);
  if (!EndCheck.Check(found)) throw new BackupError('damaged', 'The last line of the backup cannot be read');
  return found;
}

function parseMarked(line: string, mark: string): unknown {
  if (!line.startsWith(mark)) return null;
  try {
    return JSON.parse(line.slice(mark.length)) as unknown;
  } catch {
    // What is no JSON is told by whoever asks.
    return null;
  }
}
