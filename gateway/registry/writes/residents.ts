import type { ContactNew, ResidentNew } from '../../api/contract/registry.ts';
import { queryRows, type Queryable } from '../../store/postgres.ts';
import { RegistryError } from '../registry-error.ts';
import { insertHome, requireHome } from './homes.ts';
import { claimId } from './ids.ts';

export type NewIds = {
  readonly home: () => string;
  readonly resident: () => string;
  readonly contact: () => string;
  readonly device: () => string;
  readonly user: () => string;
};

/** Adds a person with contacts; without `homeId` a home of their own is made of region and address. */
export async function insertResident(db: Queryable, resident: ResidentNew, ids: NewIds): Promise<string> {
  const { homeId, region, address } = resident;
  if (homeId !== undefined && (region !== undefined || address !== undefined)) {
    throw new RegistryError('bad-request', '/homeId', 'Give homeId, or region and address of a new home, not both');
  }
  const id = await claimId(db, 'residents', resident.id, ids.resident);
  if (homeId !== undefined) await requireHome(db, homeId);
  const home = homeId ?? (await insertHome(db, { region: region ?? null, address: address ?? '' }, ids.home));
  await queryRows(
    db,
    'add a resident',
    `insert into residents (id, home_id, name, number, birth_year, categories, speech, health)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      id,
      home,
      resident.name,
      resident.number ?? null,
      resident.birthYear ?? null,
      [...new Set(resident.categories)],
      resident.speech ?? null,
      resident.health ?? null,
    ],
  );
  for (const contact of resident.contacts ?? []) await insertContact(db, id, contact, ids.contact);
  return id;
}

/** Adds a contact behind those who are called before. @throws RegistryError `not-found` */
export async function insertContact(
  db: Queryable,
  residentId: string,
  contact: ContactNew,
  newId: () => string,
): Promise<string> {
  const found = await queryRows<{ next: number }>(
    db,
    'find a resident',
    `select (select coalesce(max(calling_order), 0) + 1 from contacts where resident_id = r.id)::int as next
     from residents r where r.id = $1`,
    [residentId],
  );
  const next = found[0]?.next;
  if (next === undefined) throw new RegistryError('not-found', '/residentId', `There is no resident ${residentId}`);
  const id = newId();
  await queryRows(
    db,
    'add a contact',
    `insert into contacts (id, resident_id, calling_order, name, relation, number, has_key, minutes_away, language, note,
       notice, must_not_be_told)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      id,
      residentId,
      next,
      contact.name,
      contact.relation ?? null,
      contact.number,
      contact.hasKey ?? false,
      contact.minutesAway ?? null,
      contact.language ?? null,
      contact.note ?? null,
      contact.notice ?? false,
      contact.mustNotBeTold ?? false,
    ],
  );
  return id;
}
