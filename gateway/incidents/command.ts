import type { ActionBody, ActionName } from '../api/contract/actions.ts';

/** An action with its body, so that the body is known where the name is; without a name any of them, as one union. */
export type Command<Name extends ActionName = ActionName> = {
  [A in Name]: { readonly name: A; readonly body: ActionBody<A> };
}[Name];
