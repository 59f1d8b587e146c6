import { DEVICE_MODELS } from '../../devices/catalog/models.ts';
import { createSecrecy } from '../../devices/links/sia-dc09/aes-cipher.ts';
import { createDc09Panel } from '../../devices/simulator/dc09-panel.ts';
import { createPanelDevice } from '../../devices/simulator/panel-device.ts';
import type { DeviceCreated } from '../../gateway/api/contract/registry.ts';
import type { HostPort } from '../host-port.ts';

/** In turn: in clear and encrypted. */
export const PANEL_MODELS = ['ip-hub', 'ip-hub-encrypted'] as const;

/** Accounts of simulated panels: nobody else begins with these digits. Chosen. */
const ACCOUNT_PREFIX = 'FACADE';

/** Account, and for every second panel a key that the gateway makes, of the panel of this number from 0. */
export function addressOfPanel(index: number): { readonly account: string; readonly newKeyBits?: 128 } {
  const account = `${ACCOUNT_PREFIX}${(index + 1).toString(16).toUpperCase().padStart(4, '0')}`;
  return index % PANEL_MODELS.length === 0 ? { account } : { account, newKeyBits: 128 };
}

type Options = HostPort & { readonly clock: { readonly nowMs: () => number } };

type Panel = {
  readonly id: string;
  readonly model: string;
  readonly account: string;
  /** Hexadecimal; without it everything is in clear. */
  readonly key: string | undefined;
  readonly transport: 'tcp' | 'udp';
};

/** A panel that does not exist, over real sockets; empty where nobody knows its model. */
export function createSimulatedPanel({ id, model, account, key, transport }: Panel, { host, port, clock }: Options) {
  const found = DEVICE_MODELS.find(model);
  if (found === undefined) return [];
  const secrecy = key === undefined ? null : createSecrecy(Buffer.from(key, 'hex'));
  const panel = createDc09Panel({
    ...{ host, port, account, clock, transport },
    ...(secrecy === null ? {} : { secrecy }),
  });
  return [createPanelDevice(panel, { deviceId: id, model: found, clock })];
}

/** Every third over UDP. */
export function createSimulatedPanels(
  added: readonly Pick<DeviceCreated, 'id' | 'model' | 'newKey'>[],
  options: Options,
) {
  return added.flatMap(({ id, model, newKey }, index) => {
    const transport = index % 3 === 2 ? 'udp' : 'tcp';
    return createSimulatedPanel({ id, model, transport, key: newKey, account: addressOfPanel(index).account }, options);
  });
}
