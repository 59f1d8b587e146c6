const PREFIX = '#/residents/';
/** As ids of the gateway are (design §8). */
const ID = /^[A-Za-z0-9._-]{1,64}$/;

/** Address of a resident's page: the part behind the `#`, so that it can be passed on and outlives a reload. */
export function formatResidentHash(residentId: string): string {
  return PREFIX + residentId;
}

/** Null for anything else. */
export function readResidentHash(hash: string): string | null {
  const id = hash.startsWith(PREFIX) ? hash.slice(PREFIX.length) : '';
  return ID.test(id) ? id : null;
}
