import type { Logger } from 'pino';
import { Type } from 'typebox';
import { matchesResident } from '../../registry/match-resident.ts';
import type { DirectoryResident } from '../../registry/directory.ts';
import type { Registry } from '../../registry/registry.ts';
import { formatActor } from '../auth/actor.ts';
import type { NoteAudit } from '../auth/note-log-ins.ts';
import type { CaseFiles } from '../auth/case-files.ts';
import { canSee } from '../auth/scope.ts';
import { Id } from '../contract/primitives.ts';
import { Contact, ContactNew, RecordedStatus, Resident, ResidentNew, ResidentStatusNew } from '../contract/registry.ts';
import { ProblemError } from '../problems.ts';
import type { RouteModule } from '../route.ts';
import { requireRegion } from './homes.ts';
import { PageQuery, pageSchema, takePage } from './page.ts';
import { findReadable, findVisible } from './find-resident.ts';
import { canSeeResident, viewResident } from './register-view.ts';

export type ResidentRouteDeps = {
  readonly registry: Pick<Registry, 'directory' | 'addResident' | 'addContact' | 'setStatus' | 'loadStatuses'>;
  readonly nowMs: () => number;
  readonly caseFiles: Pick<CaseFiles, 'resident'>;
  readonly note: NoteAudit;
  readonly logger: Logger;
  /** Every read of a person's file leaves a trace (design §7). */
  readonly onPersonRead: (actor: string, residentIds: readonly string[]) => void;
};

/** Twenty contacts with long notes in Chinese, three bytes a character. */
const BODY_LIMIT = 512 * 1024;

const ResidentQuery = Type.Object(
  { ...PageQuery.properties, q: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })) },
  { additionalProperties: false },
);

/** The people we protect, with their contacts: read by whoever has the region, added by an admin. */
export function residentRoutes(deps: ResidentRouteDeps): RouteModule {
  const { registry, caseFiles, nowMs, note, logger, onPersonRead } = deps;
  const view = (resident: DirectoryResident): Resident => viewResident(registry.directory(), resident, nowMs());
  return {
    name: 'residents',
    prefix: '/api/v1',
    register: (app) => {
      app.get(
        '/residents',
        {
          schema: {
            description:
              'In the order of ids; with `q` those whose name, address, id or a telephone number has its words',
            querystring: ResidentQuery,
            response: { 200: pageSchema(Resident) },
          },
        },
        async ({ actor, query }) => {
          const directory = registry.directory();
          const { q } = query;
          const visible = directory
            .residents()
            .filter((resident) => canSeeResident(directory, actor, resident))
            .filter((resident) => q === undefined || matchesResident(resident, directory.home(resident.homeId), q));
          const page = takePage(visible, query.cursor);
          onPersonRead(
            formatActor(actor),
            page.items.map(({ id }) => id),
          );
          return { ...page, items: page.items.map(view) };
        },
      );
      app.get(
        '/residents/:id',
        { schema: { params: Type.Object({ id: Id }), response: { 200: Resident } } },
        async ({ actor, params }) => {
          const resident = findReadable({ directory: registry.directory, caseFiles }, actor, params.id);
          onPersonRead(formatActor(actor), [resident.id]);
          return view(resident);
        },
      );
      app.post(
        '/residents',
        {
          schema: {
            description: 'Without `homeId` a home of their own is made of `region` and `address`',
            body: ResidentNew,
            response: { 201: Resident },
          },
          config: { access: 'admin' },
          bodyLimit: BODY_LIMIT,
        },
        async ({ actor, body }, reply) => {
          const region = body.homeId === undefined ? body.region : registry.directory().home(body.homeId)?.region;
          requireRegion(canSee(actor, region ?? null));
          const id = await registry.addResident(body);
          logger.info({ actor: formatActor(actor), residentId: id }, 'resident added');
          return reply.code(201).send(view(findVisible(registry.directory(), actor, id)));
        },
      );
      app.post(
        '/residents/:id/contacts',
        {
          schema: {
            description: 'Adds a contact behind those who are called before',
            params: Type.Object({ id: Id }),
            body: ContactNew,
            response: { 201: Contact },
          },
          config: { access: 'admin' },
        },
        async ({ actor, body, params }, reply) => {
          const resident = findVisible(registry.directory(), actor, params.id);
          const contactId = await registry.addContact(resident.id, body);
          logger.info({ actor: formatActor(actor), residentId: resident.id, contactId }, 'contact added');
          const contact = findVisible(registry.directory(), actor, resident.id).contacts.find(
            ({ id }) => id === contactId,
          );
          if (contact === undefined) throw new ProblemError('internal');
          return reply.code(201).send(contact);
        },
      );
      app.put(
        '/residents/:id/status',
        {
          schema: {
            description:
              'Records how things stand, from now unless `from` says otherwise. It pauses what would be wrong then, never an emergency',
            params: Type.Object({ id: Id }),
            body: ResidentStatusNew,
            response: { 200: Resident },
          },
          config: { access: 'supervisor' },
        },
        async ({ actor, body, params }) => {
          const { id } = findVisible(registry.directory(), actor, params.id);
          await registry.setStatus(id, body, formatActor(actor));
          // Which one it is may be health: that stands where it can be erased.
          note('status-recorded', formatActor(actor), { residentId: id });
          logger.info({ actor: formatActor(actor), residentId: id }, 'status recorded');
          return view(findVisible(registry.directory(), actor, id));
        },
      );
      app.get(
        '/residents/:id/statuses',
        {
          schema: {
            description: 'What was recorded, the newest first, at most 200',
            params: Type.Object({ id: Id }),
            response: { 200: Type.Object({ items: Type.Array(RecordedStatus) }) },
          },
        },
        async ({ actor, params }) => {
          const { id } = findVisible(registry.directory(), actor, params.id);
          onPersonRead(formatActor(actor), [id]);
          return { items: await registry.loadStatuses(id) };
        },
      );
    },
  };
}
