import type { ActionName } from '../../api/contract/actions.ts';
import type { ActionSpec, ActionTable } from './action.ts';
import { AUTHORITY } from './authority.ts';
import { ENDING } from './ending.ts';
import { IDENTIFYING } from './identifying.ts';
import { MERGING } from './merging.ts';
import { OWNING } from './owning.ts';
import { SENDING } from './sending.ts';
import { SPLITTING } from './splitting.ts';
import { TELLING } from './telling.ts';
import { URGENCY } from './urgency.ts';

/** Every action of the contract. */
const ACTIONS: ActionTable = {
  ...OWNING,
  ...TELLING,
  ...SENDING,
  ...AUTHORITY,
  ...URGENCY,
  ...MERGING,
  ...SPLITTING,
  ...IDENTIFYING,
  ...ENDING,
};

/** The row of an action. It is asked with a body of that action, which the API's schema has checked. */
export function specOf(name: ActionName): ActionSpec<unknown> {
  return ACTIONS[name] as ActionSpec<unknown>;
}
