import { SHELVE_LIMIT_MS } from '../deadlines.ts';
import { logNothing, type ActionTable } from './action.ts';

const MINUTE_MS = 60_000;

/** Louder, or later. */
export const URGENCY = {
  escalate: {
    onColleagues: 'anybody',
    isForHelpers: false,
    event: () => 'escalate',
    log: logNothing,
  },
  shelve: {
    onColleagues: 'owner-or-supervisor',
    isForHelpers: false,
    event: () => 'shelve',
    check: ({ incident, body }) => {
      const limit = SHELVE_LIMIT_MS[incident.priority] / MINUTE_MS;
      return body.minutes > limit
        ? { code: 'bad-request', path: '/body/minutes', detail: `at most ${limit} for priority ${incident.priority}` }
        : null;
    },
    brings: ({ body, nowMs }) => ({ shelvedUntil: nowMs + body.minutes * MINUTE_MS }),
    log: ({ minutes }) => ({ data: { minutes }, personal: null }),
  },
} as const satisfies ActionTable<'escalate' | 'shelve'>;
