import { isOutcomeUnknown, type Failure, type Result } from './failure.ts';

/** One thing a person wants done, from the first click to the answer. */
export type Command =
  | { readonly phase: 'idle' }
  | { readonly phase: 'sending'; readonly key: string; readonly intent: string }
  | { readonly phase: 'failed'; readonly key: string; readonly intent: string; readonly failure: Failure };

export const IDLE: Command = { phase: 'idle' };

/**
 * Begins, or null while one is under way: a double click sends once. The same intent after an unknown outcome goes out
 * under the same key, so that the gateway cannot do it twice; after a refusal it is a new question.
 */
export function planSend(
  command: Command,
  intent: string,
  newKey: () => string,
): (Command & { readonly phase: 'sending' }) | null {
  if (command.phase === 'sending') return null;
  const isRetry = command.phase === 'failed' && command.intent === intent && isOutcomeUnknown(command.failure.code);
  return { phase: 'sending', key: isRetry ? command.key : newKey(), intent };
}

/** What the answer makes of it. An answer to another sending than the present one changes nothing. */
export function settle(command: Command, key: string, result: Result<unknown>): Command {
  if (command.phase !== 'sending' || command.key !== key) return command;
  return result.ok ? IDLE : { phase: 'failed', key, intent: command.intent, failure: result.failure };
}
