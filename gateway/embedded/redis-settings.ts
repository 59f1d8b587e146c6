import { REQUIRED_SETTINGS } from '../store/redis-policy.ts';

/**
 * Arguments of the server: what our own check of a Redis demands, and `port` 0 for the socket alone. A crash report would show the commands in flight: none is written.
 */
export function planRedisArgs({ folder, socket, port }: RedisPlaces): string[] {
  const settings: Record<string, string> = {
    ...REQUIRED_SETTINGS,
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
