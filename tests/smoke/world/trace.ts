/**
 * One system call of a trace written by `strace -f -y -xx` (strace(1)). `began` and `returned` are places in the order in
 * which strace saw things happen: the kernel stops the caller at both, so this order holds over all threads and processes.
 */
export type Call = {
  readonly name: string;
  /** What the descriptor in the first argument leads to: a path, or `socket:[…]`. */
  readonly target: string;
  /** All strings among the arguments, joined. */
  readonly bytes: Buffer;
  readonly result: number;
  readonly began: number;
  readonly returned: number;
};

/** A line of `-f` begins with the thread's number. A call that others interrupt in the file comes in two halves. */
const LINE = /^(\d+) +(.*)$/;
const RESUMED = /^<\.\.\. (\w+) resumed>(.*)$/s;
const UNFINISHED = / <unfinished \.\.\.>$/;
const CALL = /^(\w+)\((?:\d+<([^>]*)>)?(.*)\) += (-?\d+)/s;
const TEXT = /"((?:\\x[0-9a-f]{2})*)"/g;

export function parseTrace(text: string): Call[] {
  const calls: Call[] = [];
  const open = new Map<string, { readonly began: number; readonly text: string }>();
  for (const [place, line] of text.split('\n').entries()) {
    const [, thread = '', rest = ''] = LINE.exec(line) ?? [];
    if (UNFINISHED.test(rest)) {
      open.set(thread, { began: place, text: rest.replace(UNFINISHED, '') });
      continue;
    }
    const resumed = RESUMED.exec(rest);
    const first = resumed === null ? undefined : open.get(thread);
    open.delete(thread);
    const call = readCall(first === undefined ? rest : first.text + (resumed?.[2] ?? ''));
    if (call !== undefined) calls.push({ ...call, began: first?.began ?? place, returned: place });
  }
  return calls;
}

function readCall(text: string): Omit<Call, 'began' | 'returned'> | undefined {
  const [, name, target = '', rest = '', result] = CALL.exec(text) ?? [];
  if (name === undefined) return undefined;
  const bytes = [...rest.matchAll(TEXT)].map(([, escaped = '']) => unescape(escaped));
  return { name, target: unescape(target).toString(), bytes: Buffer.concat(bytes), result: Number(result) };
}

function unescape(text: string): Buffer {
  return Buffer.from(text.replaceAll('\\x', ''), 'hex');
}

/** A press to be found in a trace: what only its payload says, and the packet identifier that its PUBACK repeats. */
export type TracedPress = { readonly mark: string; readonly messageId: number };

/**
 * Promise P1 in a trace: before the write of the PUBACK began, an fsync had returned that began after the alarm's bytes had
 * been written to the same file. Answers what is wrong, or nothing.
 */
export function findUnprovenAck(calls: readonly Call[], press: TracedPress): string | undefined {
  const ack = calls.find((call) => isSocketWrite(call) && holdsPuback(call.bytes, press.messageId));
  if (ack === undefined) return `no PUBACK ${press.messageId} is in the trace`;
  const writes = calls.filter((call) => isFileWrite(call) && call.bytes.includes(press.mark));
  if (writes.length === 0) return `${press.mark} was written to no file`;
  const isProven = writes.some((write) =>
    calls.some(
      (sync) =>
        (sync.name === 'fdatasync' || sync.name === 'fsync') &&
        sync.target === write.target &&
        sync.result === 0 &&
        sync.began > write.returned &&
        sync.returned < ack.began,
    ),
  );
  return isProven ? undefined : `PUBACK ${press.messageId} began before an fsync of ${press.mark} had returned`;
}

function isSocketWrite({ name, target }: Call): boolean {
  return /^(write|writev|sendto|sendmsg)$/.test(name) && target.startsWith('socket:');
}

function isFileWrite({ name, target, result }: Call): boolean {
  return /^(write|writev|pwrite64|pwritev)$/.test(name) && target.startsWith('/') && result > 0;
}

/** Walks the packets (MQTT 3.1.1 §2.2): a PUBACK is 0x40 0x02 and the identifier. */
function holdsPuback(bytes: Buffer, messageId: number): boolean {
  let at = 0;
  while (at < bytes.length) {
    if (bytes[at] === 0x40 && bytes[at + 1] === 2 && bytes.readUInt16BE(at + 2) === messageId) return true;
    let length = 0;
    let shift = 0;
    let digit: number;
    do {
      at += 1;
      digit = bytes[at] ?? 0;
      length += (digit & 0b0111_1111) << shift;
      shift += 7;
    } while ((digit & 0b1000_0000) !== 0 && shift < 28);
    at += 1 + length;
  }
  return false;
}
