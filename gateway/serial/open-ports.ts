import { DEVICE_MODELS } from '../../devices/catalog/models.ts';
import { createCallerIdLink } from '../../devices/links/caller-id/caller-id-link.ts';
import { createGsmLink } from '../../devices/links/gsm/gsm-link.ts';
import { createSurGardLink } from '../../devices/links/sur-gard/sur-gard-link.ts';
import type { Receiver, ReceiverDeps } from '../open-receivers.ts';
import type { SerialKind } from './kinds.ts';
import { readSerialPorts, type SerialPortOf } from './read-ports.ts';

type Openers = { readonly [K in SerialKind]: (port: SerialPortOf<K>, deps: ReceiverDeps) => Receiver };

/** What is made of a port, by its kind. A new kind is a line here and an entry in `kinds.ts`. */
const OPENERS: Openers = {
  'sur-gard': (port, { door, contacts, book, trace, clock, logger }) => {
    const { name, options } = port;
    return createSurGardLink({
      ...{ name, port, door, contacts, book, trace, clock, logger },
      widths: options,
      limits: { silentAfterMs: options['heartbeat-s'] * 1000 },
    });
  },
  'caller-id': (port, { door, contacts, book, trace, clock, logger }) => {
    const { name, options } = port;
    return createCallerIdLink({
      ...{ name, port, door, contacts, book, trace, clock, logger },
      ...{ dialect: options.dialect, country: options.country },
    });
  },
  gsm: (port, { door, contacts, book, texts, trace, clock, logger }) => {
    const { name, options } = port;
    const link = createGsmLink({
      ...{ name, port, door, contacts, book, trace, clock, logger },
      memory: options.memory,
      models: DEVICE_MODELS,
      awaited: (number) => texts.awaited(number),
      onReceipt: (receipt) => texts.note(receipt),
    });
    texts.add(link);
    return { name, ...link };
  },
};

/** The receivers of `ZHUJI_SERIAL`; what is written wrongly there was told at the start of the gateway. */
export function openSerialPorts(setting: string | null, deps: ReceiverDeps): readonly Receiver[] {
  return readSerialPorts(setting ?? '').ports.map((port) => openSerialPort(port, deps));
}

function openSerialPort<K extends SerialKind>(port: SerialPortOf<K>, deps: ReceiverDeps): Receiver {
  return OPENERS[port.kind](port, { ...deps, contacts: deps.ways.over(port.name, deps.contacts) });
}
