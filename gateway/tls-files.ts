import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import type { Config } from './config.ts';
import type { ConfigFault } from './config-error.ts';
import { errorCode } from './errors.ts';
import { SETTINGS } from './settings.ts';

const PAIRS = [
  ['httpTlsCert', 'httpTlsKey'],
  ['mqttTlsCert', 'mqttTlsKey'],
] as const;

/** What is wrong with the certificate files that the settings name: unreadable, not PEM, or a key that does not fit. */
export async function findTlsFaults(config: Config): Promise<ConfigFault[]> {
  const faults: ConfigFault[] = [];
  for (const [certName, keyName] of PAIRS) {
    const [cert, key] = [await tryRead(config, certName, faults), await tryRead(config, keyName, faults)];
    if (cert === undefined || key === undefined) continue;
    try {
      createSecureContext({ cert, key });
    } catch (error) {
      const reason = `this certificate and the key of ${SETTINGS[keyName].key} do not work together (${errorCode(error)})`;
      faults.push({ code: 'bad-value', key: SETTINGS[certName].key, value: config[certName] ?? '', reason });
    }
  }
  return faults;
}

async function tryRead(
  config: Config,
  name: (typeof PAIRS)[number][0 | 1],
  faults: ConfigFault[],
): Promise<Buffer | undefined> {
  const path = config[name];
  if (path === null) return undefined;
  try {
    return await readFile(path);
  } catch (error) {
    const reason = `cannot be read (${errorCode(error)})`;
    faults.push({ code: 'unreadable', key: SETTINGS[name].key, value: path, reason });
    return undefined;
  }
}

/** Both files of a listener, or null where it has none. */
export async function readTls(
  cert: string | null,
  key: string | null,
): Promise<{ readonly cert: string; readonly key: string } | null> {
  if (cert === null || key === null) return null;
  const [certPem, keyPem] = await Promise.all([readFile(cert, 'utf8'), readFile(key, 'utf8')]);
  return { cert: certPem, key: keyPem };
}
