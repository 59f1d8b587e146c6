import { isIP } from 'node:net';
import type { ConfigFault } from './config-error.ts';
import { readSerialPorts } from './serial/read-ports.ts';
import { formatRange, type Setting } from './setting.ts';
import { SETTINGS } from './settings.ts';

type Settings = typeof SETTINGS;
type Value<S> = S extends { kind: 'integer' }
  ? number
  : S extends { kind: 'choice'; choices: readonly (infer C)[] }
    ? C
    : string;

/** The settings in effect. `null`: not set, and the description in `SETTINGS` says what happens then. */
export type Config = {
  readonly [K in keyof Settings]: Value<Settings[K]> | (Settings[K]['default'] extends null ? null : never);
};

export type Environment = Readonly<Record<string, string | undefined>>;

const PAIRS: readonly (readonly [keyof Settings, keyof Settings])[] = [
  ['httpTlsCert', 'httpTlsKey'],
  ['mqttTlsCert', 'mqttTlsKey'],
  ['webhookUrl', 'webhookSecret'],
];

/** Reads the environment; pure. Answers the settings or every fault at once. An empty variable counts as not set. */
export function loadConfig(env: Environment): Config | ConfigFault[] {
  const faults: ConfigFault[] = findUnknown(env);
  const values: Record<string, string | number | null> = {};
  for (const [name, setting] of Object.entries<Setting>(SETTINGS)) {
    const text = env[setting.key] ?? '';
    const value = text === '' ? setting.default : parseValue(setting, text);
    if (isFault(value)) faults.push(value);
    else values[name] = value;
  }
  for (const [cert, key] of PAIRS) {
    if (isSet(env, cert) === isSet(env, key)) continue;
    const [present, missing] = isSet(env, cert) ? [cert, key] : [key, cert];
    const reason = `is needed because ${SETTINGS[present].key} is set`;
    faults.push({ code: 'needs-other', key: SETTINGS[missing].key, reason });
  }
  faults.push(...readSerialPorts(env[SETTINGS.serial.key] ?? '').faults);
  return faults.length > 0 ? faults : (values as Config);
}

export function isFaulty(loaded: Config | ConfigFault[]): loaded is ConfigFault[] {
  return Array.isArray(loaded);
}

/** Settings that are allowed and yet dangerous: an address beyond this machine without TLS. */
export function listConfigWarnings(config: Config): string[] {
  const listeners = [
    ['httpHost', 'httpTlsCert', 'passwords and personal data'],
    ['mqttHost', 'mqttTlsCert', 'device secrets and alarms'],
  ] as const;
  const opened = listeners
    .filter(([host, cert]) => !isLoopback(config[host]) && config[cert] === null)
    .map(
      ([host, cert, what]) =>
        `${SETTINGS[host].key} opens to the network without TLS: ${what} can be read on the way. Set ${SETTINGS[cert].key}.`,
    );
  if (config.dc09Port !== null && !isLoopback(config.dc09Host)) {
    opened.push(
      `${SETTINGS.dc09Host.key} opens to the network, and DC-09 has no TLS: of accounts without a key alarms can be read and made up on the way. Give them keys, or a network of their own.`,
    );
  }
  return isPlainFar(config.webhookUrl)
    ? [...opened, `${SETTINGS.webhookUrl.key} is not https: names, numbers and addresses can be read on the way.`]
    : opened;
}

function isPlainFar(text: string | null): boolean {
  const url = text === null ? null : new URL(text);
  return url?.protocol === 'http:' && !isLoopback(url.hostname);
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

export type SettingRow = {
  readonly key: string;
  readonly description: string;
  readonly range: string;
  readonly unit: string | null;
  readonly default: string | number | null;
  readonly secret: boolean;
  /** As set in the environment; secrets only say that they are set. */
  readonly value: string | null;
};

/** The documented table of settings, for `zhuji config`. */
export function describeSettings(env: Environment): SettingRow[] {
  return Object.values<Setting>(SETTINGS).map((setting) => {
    const text = env[setting.key] ?? '';
    const shown = setting.secret === true ? '(set)' : text;
    return {
      key: setting.key,
      description: setting.description,
      range: formatRange(setting),
      unit: setting.unit ?? null,
      default: setting.default,
      secret: setting.secret === true,
      value: text === '' ? null : shown,
    };
  });
}

function isSet(env: Environment, name: keyof Settings): boolean {
  return (env[SETTINGS[name].key] ?? '') !== '';
}

function isFault(value: string | number | null | ConfigFault): value is ConfigFault {
  return typeof value === 'object' && value !== null;
}

function parseValue(setting: Setting, text: string): string | number | ConfigFault {
  const fault = (code: ConfigFault['code'], reason: string): ConfigFault => ({
    code,
    key: setting.key,
    ...(setting.secret === true ? {} : { value: text }),
    reason,
  });
  switch (setting.kind) {
    case 'integer': {
      if (!/^-?\d{1,15}$/.test(text)) return fault('bad-value', `must be a whole number, ${formatRange(setting)}`);
      const number = Number(text);
      if (number < setting.min || number > setting.max) {
        return fault('out-of-range', `must be ${formatRange(setting)}`);
      }
      return number;
    }
    case 'choice':
      return setting.choices.includes(text) ? text : fault('bad-value', `must be one of ${formatRange(setting)}`);
    case 'text':
      return setting.pattern.test(text) ? text : fault('bad-value', `must be ${formatRange(setting)}`);
    case 'path':
      return text.includes('\0') ? fault('bad-value', 'must be a path') : text;
    case 'url':
      return URL.canParse(text) && setting.protocols.includes(new URL(text).protocol)
        ? text
        : fault('bad-value', `must be ${formatRange(setting)}`);
  }
}

/** A misspelt name would silently leave the default in force. Its value is not repeated: it may be a secret. */
function findUnknown(env: Environment): ConfigFault[] {
  const known = Object.values<Setting>(SETTINGS).map((setting) => setting.key);
  return Object.keys(env)
    .filter((key) => key.startsWith('ZHUJI_') && !known.includes(key))
    .map((key) => {
      const nearest = known.toSorted((a, b) => countEdits(key, a) - countEdits(key, b))[0] ?? '';
      return { code: 'unknown', key, reason: `is no setting; the nearest is ${nearest}` };
    });
}

/** Levenshtein distance: letters to add, drop or change. */
function countEdits(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...to].entries()) {
      const change = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
