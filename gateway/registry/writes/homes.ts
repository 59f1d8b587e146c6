import type { HomeNew } from '../../api/contract/registry.ts';
import { queryRows, type Queryable } from '../../store/postgres.ts';
import { RegistryError } from '../registry-error.ts';
import { claimId } from './ids.ts';
import { ensureRegion } from './regions.ts';

export async function insertHome(db: Queryable, home: HomeNew, newId: () => string): Promise<string> {
  const id = await claimId(db, 'homes', home.id, newId);
  if (home.region !== null) await ensureRegion(db, home.region);
  await queryRows(
    db,
    'add a home',
    'insert into homes (id, region, address, entrance, access_plan) values ($1, $2, $3, $4, $5)',
    [id, home.region, home.address, home.entrance ?? null, home.accessPlan ?? null],
  );
  return id;
}

/** @throws RegistryError `not-found` */
export async function requireHome(db: Queryable, homeId: string): Promise<void> {
  const found = await queryRows(db, 'find a home', 'select 1 from homes where id = $1', [homeId]);
  if (found.length === 0) throw new RegistryError('not-found', '/homeId', `There is no home ${homeId}`);
}
