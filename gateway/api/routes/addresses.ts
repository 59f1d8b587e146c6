import type { Logger } from 'pino';
import { Type } from 'typebox';
import type { AddressWrites } from '../../registry/address-writes.ts';
import type { DirectoryDevice } from '../../registry/directory.ts';
import type { PlannedAddresses } from '../../registry/plan-addresses.ts';
import type { Registry } from '../../registry/registry.ts';
import { RegistryError } from '../../registry/registry-error.ts';
import { type Actor, formatActor } from '../auth/actor.ts';
import type { CaseFiles } from '../auth/case-files.ts';
import type { NoteAudit } from '../auth/note-log-ins.ts';
import { AddressesAdded, AddressFields, DeviceAddresses } from '../contract/addresses.ts';
import { Id } from '../contract/primitives.ts';
import type { RouteModule } from '../route.ts';
import { findReadableDevice, findVisibleDevice } from './find-device.ts';
import { canReadResident } from './find-resident.ts';
import { viewAddresses } from './register-view.ts';

export type AddressRouteDeps = {
  readonly registry: Pick<Registry, 'directory'>;
  readonly addresses: AddressWrites;
  readonly caseFiles: Pick<CaseFiles, 'device' | 'resident'>;
  /** What was asked for of accounts and numbers, as it is kept. @throws RegistryError */
  readonly plan: (fields: AddressFields) => PlannedAddresses;
  readonly note: NoteAudit;
  readonly logger: Logger;
  /** Every read of a person's file leaves a trace (design §7). */
  readonly onPersonRead: (actor: string, residentIds: readonly string[]) => void;
};

const OfDevice = Type.Object({ id: Id });

/** Under what devices send: read by whoever may read their people's files, changed by an admin; in effect before the answer. */
export function addressRoutes(deps: AddressRouteDeps): RouteModule {
  const { registry, addresses, caseFiles, plan, note, logger, onPersonRead } = deps;
  const reads = { directory: registry.directory, caseFiles };
  const findVisible = (actor: Actor, id: string): DirectoryDevice => findVisibleDevice(registry.directory(), actor, id);
  /** Whose number it is: of whoever uses the device, else of everybody where it hangs. */
  const peopleOf = ({ residentIds, homeId }: DirectoryDevice): readonly string[] =>
    residentIds.length > 0 || homeId === null
      ? residentIds
      : registry
          .directory()
          .residentsOfHome(homeId)
          .map(({ id }) => id);
  const mayReadNumbers = (actor: Actor, device: DirectoryDevice): boolean =>
    peopleOf(device).every((id) => {
      const resident = registry.directory().resident(id);
      return resident !== undefined && canReadResident(reads, actor, resident);
    });
  return {
    name: 'addresses',
    prefix: '/api/v1',
    register: (app) => {
      app.get(
        '/devices/:id/addresses',
        {
          schema: {
            description: 'Accounts and telephone numbers that it sends under; keys are never shown',
            params: OfDevice,
            response: { 200: DeviceAddresses },
          },
        },
        async ({ actor, params }) => {
          const device = findReadableDevice(reads, actor, params.id);
          const withNumbers = mayReadNumbers(actor, device);
          const items = viewAddresses(registry.directory().addressesOf(device.id), withNumbers);
          const people = peopleOf(device);
          const isPersonal = withNumbers && items.some(({ kind }) => kind === 'number');
          if (isPersonal && people.length > 0) onPersonRead(formatActor(actor), people);
          return { items };
        },
      );
      app.post(
        '/devices/:id/addresses',
        {
          schema: {
            description:
              'Another account or number, or both. No other device in service may have it. A key that is made here is shown once',
            params: OfDevice,
            body: AddressFields,
            response: { 201: AddressesAdded },
          },
          config: { access: 'admin' },
        },
        async ({ actor, body, params }, reply) => {
          const { id } = findVisible(actor, params.id);
          const planned = plan(body);
          if (planned.addresses.length === 0) throw new RegistryError('bad-request', '', 'Give an account or a number');
          await addresses.add(id, planned.addresses);
          const kinds = planned.addresses.map(({ kind }) => kind);
          note('device-addresses', formatActor(actor), { deviceId: id, added: kinds });
          logger.info({ actor: formatActor(actor), deviceId: id, kinds }, 'device addresses added');
          const items = viewAddresses(
            registry.directory().addressesOf(id),
            mayReadNumbers(actor, findVisible(actor, id)),
          );
          return reply.code(201).send({ items, newKey: planned.newKey });
        },
      );
      app.delete(
        '/devices/:id/addresses/:addressId',
        {
          schema: {
            description: 'What comes from there is a stranger’s again',
            params: Type.Object({ id: Id, addressId: Type.Integer({ minimum: 1 }) }),
            response: { 204: Type.Null() },
          },
          config: { access: 'admin' },
        },
        async ({ actor, params }, reply) => {
          const { id } = findVisible(actor, params.id);
          await addresses.remove(id, params.addressId);
          note('device-addresses', formatActor(actor), { deviceId: id, removed: params.addressId });
          logger.info({ actor: formatActor(actor), deviceId: id }, 'device address removed');
          return reply.code(204).send(null);
        },
      );
      app.post(
        '/devices/:id/confirm',
        {
          schema: {
            description:
              'Somebody made sure that its telephone numbers are still its own. After 60 days without a call they count as anybody’s',
            params: OfDevice,
            response: { 200: DeviceAddresses },
          },
          config: { access: 'supervisor' },
        },
        async ({ actor, params }) => {
          const device = findVisible(actor, params.id);
          await addresses.confirm(device.id);
          note('device-confirmed', formatActor(actor), { deviceId: device.id });
          logger.info({ actor: formatActor(actor), deviceId: device.id }, 'device numbers confirmed');
          const withNumbers = mayReadNumbers(actor, device);
          return { items: viewAddresses(registry.directory().addressesOf(device.id), withNumbers) };
        },
      );
    },
  };
}
