import { readFile } from 'node:fs/promises';
import { type Config, type Environment, isFaulty, loadConfig } from './config.ts';
import type { ConfigFault } from './config-error.ts';
import { errorCode } from './errors.ts';
import type { Setting } from './setting.ts';
import { SECRET_FILE_SUFFIX, SETTINGS } from './settings.ts';

/** The settings in effect, secrets also from files; or every fault at once. */
export async function loadConfigWithFiles(env: Environment): Promise<Config | ConfigFault[]> {
  const { env: whole, faults } = await readSecretFiles(env);
  const config = loadConfig(whole);
  if (faults.length === 0) return config;
  return isFaulty(config) ? [...faults, ...config] : faults;
}

/**
 * Every secret may stand in a file whose path is in `<KEY>_FILE`, as containers and systemd hand them over: then it is in no
 * environment that others can look at. Answers the environment with their contents in the place of their paths.
 */
export async function readSecretFiles(env: Environment): Promise<{ env: Environment; faults: ConfigFault[] }> {
  const whole: Record<string, string | undefined> = { ...env };
  const faults: ConfigFault[] = [];
  for (const { key, secret } of Object.values<Setting>(SETTINGS)) {
    const fileKey = `${key}${SECRET_FILE_SUFFIX}`;
    const path = env[fileKey] ?? '';
    if (secret !== true) continue;
    delete whole[fileKey];
    if (path === '') continue;
    const fault = (reason: string): void => void faults.push({ code: 'unreadable', key: fileKey, value: path, reason });
    if ((env[key] ?? '') !== '') {
      fault(`cannot be set together with ${key}`);
      continue;
    }
    try {
      const text = (await readFile(path, 'utf8')).replace(/\r?\n$/, '');
      if (text === '') fault('is empty');
      else whole[key] = text;
    } catch (error) {
      fault(`cannot be read (${errorCode(error)})`);
    }
  }
  return { env: whole, faults };
}
