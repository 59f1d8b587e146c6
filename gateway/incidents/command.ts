import type { ActionBody, ActionName } from '../api/contract/actions.ts';

/** An action with its body, as one union, so that the body is known where the name is. */
export type Command = { [A in ActionName]: { readonly name: A; readonly body: ActionBody<A> } }[ActionName];
