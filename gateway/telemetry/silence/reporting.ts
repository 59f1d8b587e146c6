import type { Catalog } from '../../../devices/catalog/registry.ts';
import type { Directory, DirectoryDevice } from '../../registry/directory.ts';
import type { Reporting } from './silence-rules.ts';

/**
 * How often a device reports: as it was agreed for its account or number, else as its model does. Undefined for one that gives no
 * sign of life, and of a model that nobody knows. Pure.
 */
export function findReporting(
  { id, model }: Pick<DirectoryDevice, 'id' | 'model'>,
  directory: Pick<Directory, 'heartbeatOf'>,
  models: Pick<Catalog, 'find'>,
): Reporting | undefined {
  const known = models.find(model);
  const heartbeatS = directory.heartbeatOf(id) ?? known?.heartbeatS ?? null;
  return known === undefined || heartbeatS === null ? undefined : { mobility: known.mobility, heartbeatS };
}
