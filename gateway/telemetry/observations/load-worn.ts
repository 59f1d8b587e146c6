import { queryRows, type Queryable } from '../../store/postgres.ts';

/** Devices that a person wears or has worn: by these their readings are found. @throws StoreError */
export async function loadWorn(db: Queryable, residentId: string): Promise<string[]> {
  const worn = await queryRows<{ id: string }>(
    db,
    'read observations',
    'select distinct device_id as id from device_binding_residents where resident_id = $1',
    [residentId],
  );
  return worn.map(({ id }) => id);
}
