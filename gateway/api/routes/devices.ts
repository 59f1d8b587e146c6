import type { Logger } from 'pino';
import { Type } from 'typebox';
import type { Catalog } from '../../../devices/catalog/registry.ts';
import type { DirectoryDevice } from '../../registry/directory.ts';
import type { PlannedAddresses } from '../../registry/plan-addresses.ts';
import type { Registry } from '../../registry/registry.ts';
import { type Actor, formatActor } from '../auth/actor.ts';
import type { NoteAudit } from '../auth/note-log-ins.ts';
import type { CaseFiles } from '../auth/case-files.ts';
import { DeviceModels } from '../contract/device-model.ts';
import type { AddressFields } from '../contract/addresses.ts';
import { Id } from '../contract/primitives.ts';
import { Device, DeviceBinding, DeviceBindingNew, DeviceCreated, DeviceNew } from '../contract/registry.ts';
import type { RouteModule } from '../route.ts';
import { findReadableDevice, findVisibleDevice } from './find-device.ts';
import { requireRegion } from './homes.ts';
import { PageQuery, pageSchema, takePage } from './page.ts';
import { canBindTo, canSeeDevice, viewAddresses, viewDevice } from './register-view.ts';
import { viewModel } from './view-model.ts';

export type DeviceRouteDeps = {
  readonly registry: Pick<
    Registry,
    'directory' | 'addDevice' | 'removeDevice' | 'renewSecret' | 'bindDevice' | 'loadBindings'
  >;
  readonly catalog: Catalog;
  readonly caseFiles: Pick<CaseFiles, 'device'>;
  /** What was asked for of accounts and numbers, as it is kept. @throws RegistryError */
  readonly plan: (fields: AddressFields) => PlannedAddresses;
  readonly note: NoteAudit;
  readonly logger: Logger;
  /** Epoch milliseconds of the last sign of life; null: none since it is known. */
  readonly lastContactAt: (deviceId: string) => number | null;
  /** Where devices connect, as they are to be told. */
  readonly mqttUrl: () => string;
};

type Target = { readonly homeId?: string | null; readonly residentIds?: readonly string[] };

/** Devices: read by whoever has the region, added and removed by an admin; in effect before the answer. */
export function deviceRoutes(deps: DeviceRouteDeps): RouteModule {
  const { registry, catalog, caseFiles, plan, note, logger, lastContactAt, mqttUrl } = deps;
  const view = (device: DirectoryDevice, withNumbers = false): Device => {
    const addresses = viewAddresses(registry.directory().addressesOf(device.id), withNumbers);
    return viewDevice(device, lastContactAt(device.id), addresses, catalog.find(device.model)?.mobility ?? null);
  };
  const findVisible = (actor: Actor, id: string): DirectoryDevice => findVisibleDevice(registry.directory(), actor, id);
  /** Nobody binds a device where they may not look. */
  const requireTarget = (actor: Actor, { homeId, residentIds = [] }: Target): void =>
    requireRegion(canBindTo(registry.directory(), actor, { homeId: homeId ?? null, residentIds: [...residentIds] }));
  const withSecret = (device: DirectoryDevice, secret: string, withNumbers = false): DeviceCreated => ({
    ...view(device, withNumbers),
    username: device.id,
    password: secret,
    topic: `zj/v1/${device.id}/alarm`,
    mqttUrl: mqttUrl(),
  });
  return {
    name: 'devices',
    prefix: '/api/v1',
    register: (app) => {
      app.get(
        '/devices',
        {
          schema: { description: 'In the order of ids', querystring: PageQuery, response: { 200: pageSchema(Device) } },
        },
        async ({ actor, query }) => {
          const directory = registry.directory();
          const visible = directory.devices().filter((device) => canSeeDevice(directory, actor, device));
          const { items, next } = takePage(visible, query.cursor);
          return { items: items.map((device) => view(device)), next };
        },
      );
      app.get(
        '/devices/:id',
        { schema: { params: Type.Object({ id: Id }), response: { 200: Device } } },
        async ({ actor, params }) =>
          view(findReadableDevice({ directory: registry.directory, caseFiles }, actor, params.id)),
      );
      app.get('/device-models', { schema: { response: { 200: DeviceModels } } }, async () => ({
        items: catalog.all.map(viewModel),
      }));
      app.post(
        '/devices',
        {
          schema: {
            description:
              'The password is shown here and never again, and so is the key of its account where one is made',
            body: DeviceNew,
            response: { 201: DeviceCreated },
          },
          config: { access: 'admin' },
        },
        async ({ actor, body }, reply) => {
          requireTarget(actor, body);
          const { addresses, newKey } = plan(body);
          const { id, secret } = await registry.addDevice(body, formatActor(actor), addresses);
          logger.info({ actor: formatActor(actor), deviceId: id }, 'device added');
          const made = withSecret(findVisible(actor, id), secret, true);
          return reply.code(201).send(newKey === null ? made : { ...made, newKey });
        },
      );
      app.delete(
        '/devices/:id',
        {
          schema: {
            description: 'Ends its service. It stays known by name, and its alarms still ring, marked `retired`',
            params: Type.Object({ id: Id }),
            response: { 204: Type.Null() },
          },
          config: { access: 'admin' },
        },
        async ({ actor, params }, reply) => {
          const device = findVisible(actor, params.id);
          await registry.removeDevice(device.id);
          note('device-retired', formatActor(actor), { deviceId: device.id });
          logger.info({ actor: formatActor(actor), deviceId: device.id }, 'device removed');
          return reply.code(204).send(null);
        },
      );
      app.put(
        '/devices/:id/binding',
        {
          schema: {
            description:
              'Hands it on: the next wearer begins with nothing of the one before, whose open cases stay theirs',
            params: Type.Object({ id: Id }),
            body: DeviceBindingNew,
            response: { 200: Device },
          },
          config: { access: 'admin' },
        },
        async ({ actor, body, params }) => {
          const { id } = findVisible(actor, params.id);
          requireTarget(actor, body);
          await registry.bindDevice(id, body, formatActor(actor));
          const bound = findVisible(actor, id);
          const { binding, homeId, residentIds } = bound;
          note('device-bound', formatActor(actor), { deviceId: id, binding, homeId, residentIds });
          logger.info({ actor: formatActor(actor), deviceId: id }, 'device bound');
          return view(bound);
        },
      );
      app.get(
        '/devices/:id/bindings',
        {
          schema: {
            description: 'To whom it belonged, the newest first, at most 200; only what lies in the own region',
            params: Type.Object({ id: Id }),
            response: { 200: Type.Object({ items: Type.Array(DeviceBinding) }) },
          },
          config: { access: 'admin' },
        },
        async ({ actor, params }) => {
          const { id } = findVisible(actor, params.id);
          const bindings = await registry.loadBindings(id);
          const directory = registry.directory();
          return { items: bindings.filter((binding) => canSeeDevice(directory, actor, binding)) };
        },
      );
      app.post(
        '/devices/:id/secret',
        {
          schema: {
            description:
              'Another password, shown here and never again; under the old one its alarms ring as `unverified`',
            params: Type.Object({ id: Id }),
            response: { 201: DeviceCreated },
          },
          config: { access: 'admin' },
        },
        async ({ actor, params }, reply) => {
          const { id } = findVisible(actor, params.id);
          const secret = await registry.renewSecret(id);
          note('device-secret', formatActor(actor), { deviceId: id });
          logger.info({ actor: formatActor(actor), deviceId: id }, 'device secret replaced');
          return reply.code(201).send(withSecret(findVisible(actor, id), secret));
        },
      );
    },
  };
}
