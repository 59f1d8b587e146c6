import { readFrameFormat, type FrameFormat } from '../../devices/links/serial/frame-format.ts';
import type { ConfigFault } from '../config-error.ts';
import { SERIAL_KINDS, type PortKind, type PortOption, type PortOptionsOf, type SerialKind } from './kinds.ts';

export type SerialPortOf<K extends SerialKind> = FrameFormat & {
  readonly kind: K;
  /** Unique; what `/readyz`, logs, the source of an alarm and the register's accounts and numbers call it. */
  readonly name: string;
  readonly path: string;
  readonly baudRate: number;
  readonly options: PortOptionsOf<K>;
};
export type SerialPortSetting = { readonly [K in SerialKind]: SerialPortOf<K> }[SerialKind];

export type SerialPorts = {
  readonly ports: readonly SerialPortSetting[];
  readonly faults: readonly ConfigFault[];
};

const KEY = 'ZHUJI_SERIAL';
/** With an account of 16 digits behind it still a device id (design §8). */
const NAME = /^[A-Za-z0-9._-]{1,32}$/;
/** Beside the kind's own; each port may have them. */
const COMMON = ['name', 'baud', 'frame'];
const BAUD = { kind: 'integer', min: 300, max: 921_600 } as const;
/** Checks of `/readyz` that are none of a port. */
export const RESERVED_NAMES = [
  ...['journal', 'redis', 'postgres', 'registry', 'mqtt', 'engine', 'projector', 'loops', 'disk', 'vitals'],
  ...['observations', 'silence', 'log', 'dc09', 'by-hand', 'gateway'],
];

/** `KIND:PATH?name=…&baud=…&frame=8N1&…`, by commas. Pure; every fault at once, none with a value in it (a PIN may be one). */
export function readSerialPorts(text: string): SerialPorts {
  const faults: ConfigFault[] = [];
  const ports: SerialPortSetting[] = [];
  for (const entry of text.split(',').map((part) => part.trim())) {
    if (entry === '') continue;
    const [head, query] = splitAt(entry, '?');
    const fault = (code: ConfigFault['code'], reason: string): void =>
      void faults.push({ code, key: KEY, reason: `${head}: ${reason}` });
    const [kind, path] = splitAt(head, ':');
    if (!isKind(kind)) {
      fault('bad-value', `must begin with one of ${Object.keys(SERIAL_KINDS).join(': | ')}:`);
      continue;
    }
    const port = readPort(kind, path, new Map(query.split('&').map((pair) => splitAt(pair, '='))), fault);
    const twin = ports.find(({ name, path: other }) => name === port.name || other === port.path);
    if (twin?.path === port.path) fault('bad-value', 'this port is named twice');
    else if (twin !== undefined) fault('bad-value', `two ports are called ${port.name}: give each a name of its own`);
    ports.push(port);
  }
  return { ports, faults };
}

function readPort(
  kind: SerialKind,
  path: string,
  given: ReadonlyMap<string, string>,
  fault: (code: ConfigFault['code'], reason: string) => void,
): SerialPortSetting {
  const { options: known, baud, frame }: PortKind = SERIAL_KINDS[kind];
  if (!/^[^\s?]{1,4096}$/.test(path)) fault('bad-value', `needs the path of a port, as ${kind}:/dev/serial/by-id/…`);
  for (const key of given.keys()) {
    if (key === '' || COMMON.includes(key) || Object.hasOwn(known, key)) continue;
    fault('unknown', `${key} is no parameter of ${kind}; there are ${[...COMMON, ...Object.keys(known)].join(', ')}`);
  }
  const name = given.get('name') ?? kind;
  if (!NAME.test(name)) fault('bad-value', 'name must be 1 to 32 letters, digits, dots, underscores or hyphens');
  if (RESERVED_NAMES.includes(name)) fault('bad-value', `${name} is the name of a part of the gateway: take another`);
  const format = readFrameFormat(given.get('frame') ?? frame);
  if (format === null) fault('bad-value', 'frame must be data bits, parity and stop bits: 8N1, 7E1, …');
  const read = (key: string, option: PortOption): string | number | null => {
    const text = given.get(key);
    const value = text === undefined ? option.default : readOption(option, text);
    if (value !== undefined) return value;
    fault(option.kind === 'integer' ? 'out-of-range' : 'bad-value', `${key} must be ${describe(option)}`);
    return option.default;
  };
  return {
    ...(format ?? { dataBits: 8, parity: 'none', stopBits: 1 }),
    ...{ kind, name, path },
    baudRate: Number(read('baud', { ...BAUD, default: baud })),
    // The table says which options there are and of what type.
    options: Object.fromEntries(Object.entries(known).map(([key, option]) => [key, read(key, option)])),
  } as SerialPortSetting;
}

/** Undefined: it may not be so. */
function readOption(option: PortOption, text: string): string | number | undefined {
  switch (option.kind) {
    case 'integer': {
      const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
      return number >= option.min && number <= option.max ? number : undefined;
    }
    case 'choice':
      return option.choices.includes(text) ? text : undefined;
    case 'text':
      return option.pattern.test(text) ? text : undefined;
  }
}

function describe(option: PortOption): string {
  switch (option.kind) {
    case 'integer':
      return `a whole number, ${option.min} to ${option.max}`;
    case 'choice':
      return `one of ${option.choices.join(' | ')}`;
    case 'text':
      return option.shape;
  }
}

function isKind(text: string): text is SerialKind {
  return Object.hasOwn(SERIAL_KINDS, text);
}

/** At the first one: a path may have colons of its own. */
function splitAt(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + mark.length)];
}
