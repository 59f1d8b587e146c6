import { isIPv4, isIPv6 } from 'node:net';
import { ConfigError } from '../config-error.ts';

/**
 * Whose word on the address of a caller is believed (`X-Forwarded-For`): addresses and networks in CIDR form; null: nobody's.
 * A network of all addresses is refused: then whoever calls would choose the address that is slowed down.
 * @throws ConfigError `bad-value`
 */
export function parseTrustedProxies(text: string | null): string[] | false {
  if (text === null) return false;
  const proxies = text.split(',');
  const wrong = proxies.find((proxy) => !isProxy(proxy));
  if (wrong === undefined) return proxies;
  const reason = `"${wrong}" is no address, nor a network from /1 on`;
  throw new ConfigError([{ code: 'bad-value', key: 'ZHUJI_TRUSTED_PROXIES', value: text, reason }]);
}

function isProxy(text: string): boolean {
  const [address = '', prefix, ...more] = text.split('/');
  if (more.length > 0) return false;
  const bits = isIPv4(address) ? 32 : isIPv6(address) && !address.includes('%') ? 128 : 0;
  return prefix === undefined ? bits > 0 : /^[1-9]\d{0,2}$/.test(prefix) && Number(prefix) <= bits;
}
