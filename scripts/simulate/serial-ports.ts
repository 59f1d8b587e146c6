import type { Logger } from 'pino';
import type { DeviceModel } from '../../devices/catalog/model.ts';
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

type SimulatedDevice = DistrictOptions['devices'][number];
type Deps = { readonly clock: { readonly nowMs: () => number }; readonly logger: Logger };

/** What hangs on one port, and the devices behind it. */
type Plugged = {
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
  /** `index`: of all devices behind all ports. */
  readonly deviceOf: (
    device: { readonly deviceId: string; readonly model: DeviceModel; readonly clock: Deps['clock'] },
    index: number,
  ) => SimulatedDevice;
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

/** What hangs on the other end of the gateway's cable. A new kind is an entry here. */
const SIMULATORS: { readonly [K in SerialKind]: SerialSimulator<K> } = {
  'sur-gard': {
    model: 'landline-contact-id',
    addressOf: (index) => ({ account: accountOf(index) }),
    plug: (port, { logger }) => {
      const receiver = createSurGardReceiver({ port, widths: port.options, logger });
      return {
        start: receiver.start,
        stop: receiver.stop,
        deviceOf: (device, index) => createDiallerDevice(receiver, { ...device, account: accountOf(index) }),
      };
    },
  },
  'caller-id': {
    model: 'landline-one-touch',
    addressOf: (index) => ({ number: numberOf(index) }),
    plug: (port) => {
      const modem = createCallerIdModem({ port, dialect: port.options.dialect });
      const line = createSharedLine(modem);
      return {
        start: modem.start,
        stop: modem.stop,
        deviceOf: (device, index) => createCallingDevice(line, { ...device, number: numberOf(index) }),
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
        deviceOf: (device, index) => createTextingDevice(modem, { ...device, number: mobileOf(index) }),
      };
    },
  },
};

function simulatorOf<K extends SerialKind>(port: SerialPortOf<K>) {
  const { model, addressOf, plug }: SerialSimulator<K> = SIMULATORS[port.kind];
  return { model, addressOf, plug: (deps: Deps) => plug(port, deps) };
}

/** `perPort` devices behind each port, which is the other end of a cable to the gateway. */
export function planPorts(ports: readonly SerialPortSetting[], perPort: number) {
  const planned = ports.map((port) => simulatorOf(port));
  const of = (index: number) => planned[Math.floor(index / perPort)];
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
        devices: added.flatMap(({ id, model }, index): SimulatedDevice[] => {
          const found = DEVICE_MODELS.find(model);
          const port = plugged[Math.floor(index / perPort)];
          if (found === undefined || port === undefined) return [];
          return [port.deviceOf({ deviceId: id, model: found, clock: deps.clock }, index)];
        }),
        unplug: async (): Promise<void> => void (await Promise.all(plugged.map(({ stop }) => stop()))),
      };
    },
  };
}
