import type { Pool } from 'pg';
import type { Chore } from '../../history/chores.ts';
import type { LastContact } from '../last-contact.ts';
import { loadLastContacts, saveLastContacts } from './last-contact-store.ts';

/** Another gateway's page, and this one's after a restart, is behind by at most twice this. Chosen. */
const EVERY_MS = 30_000;

/** Brings last contacts into the database and those of other gateways and earlier runs here; with it away, at the next time. */
export function createLastContactChore(deps: {
  readonly pool: Pool;
  readonly gatewayId: string;
  readonly contacts: Pick<LastContact, 'takeNews' | 'giveBack' | 'learn'>;
}): Chore {
  const { pool, gatewayId, contacts } = deps;
  return {
    name: 'last-contacts',
    everyMs: EVERY_MS,
    firstAfterMs: 0,
    run: async () => {
      contacts.learn(await loadLastContacts(pool));
      const news = contacts.takeNews();
      try {
        await saveLastContacts(pool, gatewayId, news);
      } catch (error) {
        contacts.giveBack(news);
        throw error;
      }
    },
  };
}
