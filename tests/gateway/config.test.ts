import { expect, test } from 'vitest';
import { describeSettings, isFaulty, listConfigWarnings, loadConfig } from '../../gateway/config.ts';
import { ConfigError } from '../../gateway/config-error.ts';
import type { Setting } from '../../gateway/setting.ts';
import { SETTINGS } from '../../gateway/settings.ts';

test('an empty environment gives every default', () => {
  const config = loadConfig({});
  expect(isFaulty(config)).toBe(false);
  expect(config).toMatchObject({
    dataDir: './data',
    httpHost: '127.0.0.1',
    httpPort: 8080,
    mqttPort: 1883,
    databaseUrl: null,
    presenceS: 30,
  });
});

test('an empty variable counts as not set', () => {
  expect(loadConfig({ ZHUJI_HTTP_PORT: '', DATABASE_URL: '' })).toMatchObject({ httpPort: 8080, databaseUrl: null });
});

test('all faults are reported together, each with its key, value and reason', () => {
  const faults = loadConfig({
    ZHUJI_HTTP_PORT: 'eighty',
    ZHUJI_MQTT_PORT: '70000',
    ZHUJI_LOG_LEVEL: 'loud',
    ZHUJI_MQT_HOST: '::1',
    ZHUJI_HTTP_TLS_CERT: '/cert.pem',
    DATABASE_URL: 'mysql://u:secret@db/x',
  });
  if (!isFaulty(faults)) throw new Error('no faults');
  expect(faults.map(({ code, key }) => `${code} ${key}`)).toEqual([
    'unknown ZHUJI_MQT_HOST',
    'bad-value ZHUJI_HTTP_PORT',
    'out-of-range ZHUJI_MQTT_PORT',
    'bad-value DATABASE_URL',
    'bad-value ZHUJI_LOG_LEVEL',
    'needs-other ZHUJI_HTTP_TLS_KEY',
  ]);
  const { message } = new ConfigError(faults);
  expect(message).toContain('ZHUJI_MQT_HOST: is no setting; the nearest is ZHUJI_MQTT_HOST');
  expect(message).toContain('ZHUJI_MQTT_PORT="70000": must be 0 to 65535');
});

test('the value of a secret is in no fault, not even under a misspelt name', () => {
  const faults = loadConfig({
    ZHUJI_ADMIN_PASSWORD: 'hush',
    ZHUJI_ADMIN_PASWORD: 'hush',
    DATABASE_URL: 'hush',
    ZHUJI_TOKEN: 'hush hush',
  });
  expect(faults).toHaveLength(4);
  expect(JSON.stringify(faults)).not.toContain('hush');
});

test('numbers are whole and plain: no signs of other notations get through', () => {
  for (const text of ['1e3', '0x50', ' 80', '80.5', '٨٠', 'NaN', '9'.repeat(40)]) {
    expect(isFaulty(loadConfig({ ZHUJI_HTTP_PORT: text })), text).toBe(true);
  }
});

test('an address beyond this machine without TLS is a warning, with TLS it is none', () => {
  const open = loadConfig({ ZHUJI_HTTP_HOST: '0.0.0.0', ZHUJI_MQTT_HOST: '::' });
  const closed = loadConfig({ ZHUJI_HTTP_HOST: '0.0.0.0', ZHUJI_HTTP_TLS_CERT: 'c', ZHUJI_HTTP_TLS_KEY: 'k' });
  if (isFaulty(open) || isFaulty(closed)) throw new Error('faulty');
  expect(listConfigWarnings(open)).toHaveLength(2);
  expect(listConfigWarnings(closed)).toEqual([]);
});

test('a port of DC-09 beyond this machine is a warning, and without a port nothing listens', () => {
  const env = { ZHUJI_DC09_HOST: '0.0.0.0' };
  const [off, on] = [loadConfig(env), loadConfig({ ...env, ZHUJI_DC09_PORT: '0' })];
  if (isFaulty(off) || isFaulty(on)) throw new Error('faulty');
  expect([off.dc09Port, on.dc09Port]).toEqual([null, 0]);
  expect(listConfigWarnings(off)).toEqual([]);
  expect(listConfigWarnings(on)).toEqual([expect.stringContaining('ZHUJI_DC09_HOST')]);
});

test('every setting is documented, has its own key, and its default is allowed', () => {
  const settings = Object.values<Setting>(SETTINGS);
  expect(new Set(settings.map(({ key }) => key)).size).toBe(settings.length);
  for (const setting of settings) {
    expect(setting.description.length, setting.key).toBeGreaterThan(10);
    if (setting.default === null) continue;
    expect(isFaulty(loadConfig({ [setting.key]: String(setting.default) })), setting.key).toBe(false);
  }
});

test('the table of settings shows values, and of secrets only that they are set', () => {
  const rows = describeSettings({ ZHUJI_HTTP_PORT: '81', ZHUJI_ADMIN_PASSWORD: 'hush' });
  expect(rows.find(({ key }) => key === 'ZHUJI_HTTP_PORT')).toMatchObject({ value: '81', default: 8080 });
  expect(rows.find(({ key }) => key === 'ZHUJI_ADMIN_PASSWORD')).toMatchObject({ value: '(set)', secret: true });
  expect(JSON.stringify(rows)).not.toContain('hush');
});

test('a webhook needs its secret and the other way round, neither is ever shown, and a far one needs TLS', () => {
  const url = 'http://hooks.example.org/MARK-path';
  const faultsOf = (env: Record<string, string>) => {
    const faults = loadConfig(env);
    return isFaulty(faults) ? faults.map(({ code, key }) => `${code} ${key}`) : [];
  };
  expect(faultsOf({ ZHUJI_WEBHOOK_URL: url })).toEqual(['needs-other ZHUJI_WEBHOOK_SECRET']);
  expect(faultsOf({ ZHUJI_WEBHOOK_SECRET: 'MARK-0123456789-MARK' })).toEqual(['needs-other ZHUJI_WEBHOOK_URL']);
  expect(faultsOf({ ZHUJI_WEBHOOK_URL: 'ftp://MARK', ZHUJI_WEBHOOK_SECRET: 'MARK' })).toEqual([
    'bad-value ZHUJI_WEBHOOK_URL',
    'bad-value ZHUJI_WEBHOOK_SECRET',
  ]);
  const env = { ZHUJI_WEBHOOK_URL: url, ZHUJI_WEBHOOK_SECRET: 'MARK-0123456789-MARK' };
  expect(JSON.stringify(describeSettings(env))).not.toContain('MARK');
  expect(JSON.stringify(loadConfig({ ZHUJI_WEBHOOK_URL: 'ftp://MARK', ZHUJI_WEBHOOK_SECRET: 'MARK' }))).not.toContain(
    'MARK',
  );
  const warningsOf = (address: string) => {
    const config = loadConfig({ ...env, ZHUJI_WEBHOOK_URL: address });
    return isFaulty(config) ? ['faulty'] : listConfigWarnings(config);
  };
  expect(warningsOf(url)).toHaveLength(1);
  expect(warningsOf(url).join()).not.toContain('MARK');
  expect([...warningsOf('https://hooks.example.org/'), ...warningsOf('http://127.0.0.1:9/x')]).toEqual([]);
});
