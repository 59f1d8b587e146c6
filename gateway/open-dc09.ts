import { createDc09Link } from '../devices/links/sia-dc09/dc09-link.ts';
import type { Receiver, ReceiverDeps } from './open-receivers.ts';

/** The port for alarm panels of SIA DC-09, where the settings name one. */
export function openDc09(deps: ReceiverDeps): readonly Receiver[] {
  const { config, door, book, trace, clock, logger } = deps;
  const { dc09Host: host, dc09Port: port } = config;
  if (port === null) return [];
  const name = 'dc09';
  const contacts = deps.ways.over(name, deps.contacts);
  const link = createDc09Link({
    ...{ name, host, port, isStrict: config.dc09StrictTime === 'on' },
    ...{ door, contacts, book, trace, clock, logger },
  });
  let address: string | null = null;
  return [
    {
      name: link.name,
      start: async () => {
        const { port: bound } = await link.start();
        address = host.includes(':') ? `[${host}]:${bound}` : `${host}:${bound}`;
      },
      stop: () => link.stop(),
      health: () => link.health(),
      counts: () => link.counts(),
      address: () => address,
    },
  ];
}
