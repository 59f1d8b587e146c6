import { findMetric } from '../../../devices/vital-metrics.ts';
import type { OwnLimit } from '../../api/contract/limits.ts';
import { queryRows, type Queryable } from '../../store/postgres.ts';
import { RegistryError } from '../registry-error.ts';

/** Records all limits of a resident's own at once; earlier records stay. None: the defaults. @throws RegistryError */
export async function insertLimits(
  db: Queryable,
  residentId: string,
  limits: readonly OwnLimit[],
  by: { readonly nowMs: number; readonly actor: string },
): Promise<void> {
  for (const [index, limit] of limits.entries()) checkLimit(limit, index, limits);
  const found = await queryRows(db, 'find a resident', 'select 1 from residents where id = $1', [residentId]);
  if (found.length === 0) throw new RegistryError('not-found', '/id', `There is no resident ${residentId}`);
  await queryRows(
    db,
    'record limits',
    `insert into resident_limits (resident_id, limits, recorded_at, recorded_by)
     values ($1, $2, to_timestamp($3 / 1000.0), $4)`,
    [residentId, JSON.stringify(limits), by.nowMs, by.actor],
  );
}

/** A limit that no reading can be beyond would look like watching and be none. */
function checkLimit({ metric, low, high }: OwnLimit, index: number, all: readonly OwnLimit[]): void {
  const refuse = (field: string, message: string): never => {
    throw new RegistryError('bad-request', `/limits/${index}/${field}`, message);
  };
  const known = findMetric(metric);
  if (known === undefined) return refuse('metric', 'There is no such metric');
  if (all.findIndex((other) => other.metric === metric) !== index) refuse('metric', 'It is there twice');
  const { min, max, unit } = known;
  if (low !== null && (low <= min || low > max)) refuse('low', `It must be above ${min} and not above ${max} ${unit}`);
  if (high !== null && (high < min || high >= max))
    refuse('high', `It must be below ${max} and not below ${min} ${unit}`);
  if (low !== null && high !== null && low > high) refuse('high', 'It must not be below the low end');
}
