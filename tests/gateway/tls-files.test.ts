import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isFaulty, loadConfig } from '../../gateway/config.ts';
import { findTlsFaults } from '../../gateway/tls-files.ts';

const FOLDER = join(import.meta.dirname, '..', 'fixtures', 'tls');
const CERT = join(FOLDER, 'localhost.cert.pem');
const KEY = join(FOLDER, 'localhost.key.pem');

async function check(env: Record<string, string>) {
  const config = loadConfig(env);
  if (isFaulty(config)) throw new Error('faulty');
  return (await findTlsFaults(config)).map(({ code, key }) => `${code} ${key}`);
}

test('a certificate with its key is fine, and so is none', async () => {
  expect(await check({ ZHUJI_HTTP_TLS_CERT: CERT, ZHUJI_HTTP_TLS_KEY: KEY })).toEqual([]);
  expect(await check({})).toEqual([]);
});

test('missing files and wrong files of both listeners are named together', async () => {
  expect(
    await check({
      ZHUJI_HTTP_TLS_CERT: '/nowhere/cert.pem',
      ZHUJI_HTTP_TLS_KEY: '/nowhere/key.pem',
      ZHUJI_MQTT_TLS_CERT: KEY,
      ZHUJI_MQTT_TLS_KEY: CERT,
    }),
  ).toEqual(['unreadable ZHUJI_HTTP_TLS_CERT', 'unreadable ZHUJI_HTTP_TLS_KEY', 'bad-value ZHUJI_MQTT_TLS_CERT']);
});
