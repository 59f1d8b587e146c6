import type { DeviceModel } from './model.ts';

export type Catalog = {
  readonly all: readonly DeviceModel[];
  readonly find: (id: string) => DeviceModel | undefined;
};

/** Our own mistake, found at start: two models with one id. */
export class DuplicateModelError extends Error {
  readonly code = 'duplicate-model';

  constructor(id: string) {
    super(`Device model ${id} is registered twice`);
    this.name = 'DuplicateModelError';
  }
}

/** Throws DuplicateModelError when an id stands twice. */
export function createCatalog(models: readonly DeviceModel[]): Catalog {
  const byId = new Map<string, DeviceModel>();
  for (const model of models) {
    if (byId.has(model.id)) throw new DuplicateModelError(model.id);
    byId.set(model.id, model);
  }
  return { all: models, find: (id) => byId.get(id) };
}
