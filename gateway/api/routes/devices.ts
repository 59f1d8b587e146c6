import type { Logger } from 'pino';
import { Type } from 'typebox';
import type { Catalog } from '../../../devices/catalog/registry.ts';
import type { DirectoryDevice } from '../../registry/directory.ts';
import type { Registry } from '../../registry/registry.ts';
import { type Actor, formatActor } from '../auth/actor.ts';
import { Id } from '../contract/primitives.ts';
import { Device, DeviceCreated, DeviceNew } from '../contract/registry.ts';
import { ProblemError } from '../problems.ts';
import type { RouteModule } from '../route.ts';
import { requireRegion } from './homes.ts';
import { PageQuery, pageSchema, takePage } from './page.ts';
import { canSeeDevice, viewDevice } from './register-view.ts';

export type DeviceRouteDeps = {
  readonly registry: Pick<Registry, 'directory' | 'addDevice' | 'removeDevice'>;
  readonly catalog: Pick<Catalog, 'all'>;
  readonly logger: Logger;
  /** Epoch milliseconds of the last sign of life; null: none since it is known. */
  readonly lastContactAt: (deviceId: string) => number | null;
  /** Where devices connect, as they are to be told. */
  readonly mqttUrl: () => string;
};

const Words = Type.Object({ zh: Type.String(), en: Type.String() });
const DeviceModel = Type.Object(
  {
    id: Id,
    name: Words,
    mobility: Type.Enum(['fixed', 'carried']),
    protocol: Type.String(),
    heartbeatS: Type.Number(),
    voice: Type.Boolean(),
    instructions: Words,
  },
  { $id: 'DeviceModel' },
);

/** Devices: read by whoever has the region, added and removed by an admin; in effect before the answer. */
export function deviceRoutes({ registry, catalog, logger, lastContactAt, mqttUrl }: DeviceRouteDeps): RouteModule {
  const view = (device: DirectoryDevice): Device => viewDevice(device, lastContactAt(device.id));
  const findVisible = (actor: Actor, id: string): DirectoryDevice => {
    const directory = registry.directory();
    const device = directory.device(id);
    if (device === undefined || !canSeeDevice(directory, actor, device)) throw new ProblemError('not-found');
    return device;
  };
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
          return { items: items.map(view), next };
        },
      );
      app.get(
        '/devices/:id',
        { schema: { params: Type.Object({ id: Id }), response: { 200: Device } } },
        async ({ actor, params }) => view(findVisible(actor, params.id)),
      );
      app.get(
        '/device-models',
        { schema: { response: { 200: Type.Object({ items: Type.Array(DeviceModel) }) } } },
        async () => ({
          items: catalog.all.map(({ id, name, mobility, protocol, heartbeatS, voice, instructions }) => ({
            ...{ id, name, mobility, protocol, heartbeatS, voice, instructions },
          })),
        }),
      );
      app.post(
        '/devices',
        {
          schema: {
            description: 'The password is shown here and never again',
            body: DeviceNew,
            response: { 201: DeviceCreated },
          },
          config: { access: 'admin' },
        },
        async ({ actor, body }, reply) => {
          const place = { homeId: body.homeId ?? null, residentIds: body.residentIds ?? [] };
          const unplaced = { id: '', model: body.model, place: null, retiredAt: null };
          requireRegion(canSeeDevice(registry.directory(), actor, { ...unplaced, ...place }));
          const { id, secret } = await registry.addDevice(body);
          logger.info({ actor: formatActor(actor), deviceId: id }, 'device added');
          const created: DeviceCreated = {
            ...view(findVisible(actor, id)),
            username: id,
            password: secret,
            topic: `zj/v1/${id}/alarm`,
            mqttUrl: mqttUrl(),
          };
          return reply.code(201).send(created);
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
          logger.info({ actor: formatActor(actor), deviceId: device.id }, 'device removed');
          return reply.code(204).send(null);
        },
      );
    },
  };
}
