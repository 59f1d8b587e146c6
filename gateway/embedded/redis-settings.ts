/**
 * What makes a Redis keep what it acknowledged (promise P1). An external one is checked against these as well; `zhuji serve`
 * says which differ.
 */
export const DURABLE_REDIS_SETTINGS = {
  appendonly: 'yes',
  appendfsync: 'always',
  'no-appendfsync-on-rewrite': 'no',
  'maxmemory-policy': 'noeviction',
} as const;

/** Arguments of the server. `port` 0: the socket alone. A crash report would show the commands in flight: none is written. */
export function planRedisArgs({ folder, socket, port }: RedisPlaces): string[] {
  const settings: Record<string, string> = {
    ...DURABLE_REDIS_SETTINGS,
    bind: '127.0.0.1',
    port: String(port),
    unixsocket: socket,
    unixsocketperm: '700',
    dir: folder,
    pidfile: `${folder}/redis.pid`,
    save: '',
    daemonize: 'no',
    'crash-log-enabled': 'no',
    'crash-memcheck-enabled': 'no',
  };
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
}

export type RedisPlaces = { readonly folder: string; readonly socket: string; readonly port: number };
