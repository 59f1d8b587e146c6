import { expect, test } from 'vitest';
import { parseTrustedProxies } from '../../../gateway/api/trusted-proxies.ts';
import { loadConfig } from '../../../gateway/config.ts';

const load = (value: string) => loadConfig({ ZHUJI_TRUSTED_PROXIES: value });

test('without the setting no proxy is believed', () => {
  expect(loadConfig({})).toMatchObject({ trustedProxies: null });
  expect(parseTrustedProxies(null)).toBe(false);
});

test.each([
  ['127.0.0.1', ['127.0.0.1']],
  ['10.0.0.0/8,192.0.2.7', ['10.0.0.0/8', '192.0.2.7']],
  ['::1,2001:db8::/32', ['::1', '2001:db8::/32']],
])('%s is a list of addresses and networks', (text, expected) => {
  expect(load(text)).toMatchObject({ trustedProxies: text });
  expect(parseTrustedProxies(text)).toEqual(expected);
});

test.each(['*', 'true', 'proxy.example', '10.0.0.1;10.0.0.2', '10.0.0.1,', ','])('"%s" is refused', (text) => {
  expect(load(text)).toMatchObject([{ code: 'bad-value', key: 'ZHUJI_TRUSTED_PROXIES' }]);
});

test.each(['999.1.1.1', '10.0.0.0/33', '::1/129', '10.0.0.0/0', '::/0', '10.0.0.1/x', '10.0.0.0/'])(
  '"%s" looks like a network and is refused',
  (text) => {
    expect(() => parseTrustedProxies(text)).toThrow(/ZHUJI_TRUSTED_PROXIES/);
  },
);
