import type { Logger } from 'pino';
import { DEVICE_MODELS } from '../../devices/catalog/models.ts';
import { createCallerIdModem } from '../../devices/simulator/caller-id-modem.ts';
import { createCallingDevice, createSharedLine } from '../../devices/simulator/calling-device.ts';
import { createDiallerDevice } from '../../devices/simulator/dialler-device.ts';
import type { DistrictOptions } from '../../devices/simulator/district.ts';
import { createGsmModem } from '../../devices/simulator/gsm-modem.ts';
import { createSurGardReceiver } from '../../devices/simulator/sur-gard-receiver.ts';
import { createTextingDevice } from '../../devices/simulator/texting-device.ts';
import type { AddressFields } from '../../gateway/api/contract/addresses.ts';
import type { DeviceCreated } from '../../gateway/api/contract/registry.ts';
import type { SerialKind } from '../../gateway/serial/kinds.ts';
import type { SerialPortOf, SerialPortSetting } from '../../gateway/serial/read-ports.ts';

type District = DistrictOptions['devices'];
type Deps = { readonly clock: { readonly nowMs: () => number }; readonly logger: Logger };

/** What hangs on one port, and the devices behind it. */
type Plugged = {
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
  /** `index`: of all devices behind all ports. */
  readonly deviceOf: (device: Pick<DeviceCreated, 'id' | 'model'>, index: number) => District;
};

type SerialSimulator<K extends SerialKind> = {
  readonly model: string;
  /** Under what the device of this number sends. */
  readonly addressOf: (index: number) => AddressFields;
  readonly plug: (port: SerialPortOf<K>, deps: Deps) => Plugged;
};

/** Accounts of four digits that begin with FA: nobody else has them. Chosen. */
const accountOf = (index: number): string => `FA${(index % 256).toString(16).toUpperCase().padStart(2, '0')}`;

/** Local numbers do not begin with 0: nobody else has them. Chosen. */
const numberOf = (index: number): string => `0577000${String(index % 100_000).padStart(5, '0')}`;

/** No operator has numbers that begin with 110. Chosen. */
const mobileOf = (index: number): string => `+86110000${String(index % 100_000).padStart(5, '0')}`;

/** What can hang on the other end of the gateway's cable. A new kind is an entry here. */
const SIMULATORS: { readonly [K in SerialKind]?: SerialSimulator<K> } = {
  'sur-gard': {
    model: 'landline-contact-id',
    addressOf: (index) => ({ account: accountOf(index) }),
    plug: (port, { clock, logger }) => {
      const receiver = createSurGardReceiver({ port, widths: port.options, logger });
      return {
        start: receiver.start,
        stop: receiver.stop,
        deviceOf: ({ id, model }, index) => {
          const found = DEVICE_MODELS.find(model);
          const account = accountOf(index);
          return found === undefined
            ? []
            : [createDiallerDevice(receiver, { deviceId: id, model: found, account, clock })];
        },
      };
    },
  },
  'caller-id': {
    model: 'landline-one-touch',
    addressOf: (index) => ({ number: numberOf(index) }),
    plug: (port, { clock }) => {
      const modem = createCallerIdModem({ port, dialect: port.options.dialect });
      const line = createSharedLine(modem);
      return {
        start: modem.start,
        stop: modem.stop,
        deviceOf: ({ id, model }, index) => {
          const found = DEVICE_MODELS.find(model);
          const number = numberOf(index);
          return found === undefined ? [] : [createCallingDevice(line, { deviceId: id, model: found, number, clock })];
        },
      };
    },
  },
  gsm: {
    model: 'watch-sms',
    addressOf: (index) => ({ number: mobileOf(index) }),
    plug: (port, { clock }) => {
      const modem = createGsmModem({ port, clock });
      return {
        start: modem.start,
        stop: modem.stop,
        deviceOf: ({ id, model }, index) => {
          const found = DEVICE_MODELS.find(model);
          const number = mobileOf(index);
          return found === undefined ? [] : [createTextingDevice(modem, { deviceId: id, model: found, number, clock })];
        },
      };
    },
  },
};

/** Null: nothing simulates what is to hang on this port. */
function simulatorOf<K extends SerialKind>(port: SerialPortOf<K>): Planned | null {
  const simulator = SIMULATORS[port.kind];
  if (simulator === undefined) return null;
  return { model: simulator.model, addressOf: simulator.addressOf, plug: (deps) => simulator.plug(port, deps) };
}

type Planned = {
  readonly model: string;
  readonly addressOf: (index: number) => AddressFields;
  readonly plug: (deps: Deps) => Plugged;
};

/** `perPort` devices behind each port, which is the other end of a cable to the gateway. Null: one has no simulator. */
export function planPorts(ports: readonly SerialPortSetting[], perPort: number) {
  const planned = ports.map((port) => simulatorOf(port)).filter((each) => each !== null);
  if (planned.length < ports.length) return null;
  const of = (index: number): Planned | undefined => planned[Math.floor(index / perPort)];
  const count = planned.length * perPort;
  const indices = Array.from({ length: count }, (_, index) => index);
  return {
    count,
    models: indices.map((index) => of(index)?.model ?? ''),
    addressOf: (index: number): AddressFields => of(index)?.addressOf(index) ?? {},
    /** Opens the ports. */
    plug: async (added: readonly Pick<DeviceCreated, 'id' | 'model'>[], deps: Deps) => {
      const plugged = planned.map((each) => each.plug(deps));
      await Promise.all(plugged.map(({ start }) => start()));
      return {
        devices: added.flatMap((device, index) => plugged[Math.floor(index / perPort)]?.deviceOf(device, index) ?? []),
        unplug: async (): Promise<void> => void (await Promise.all(plugged.map(({ stop }) => stop()))),
      };
    },
  };
}
