import { useCallback, useRef, useState } from 'react';
import { IDLE, planSend, settle, type Command } from './command.ts';
import type { Failure, Result } from './failure.ts';

export type CommandHandle = {
  readonly isSending: boolean;
  readonly failure: Failure | null;
  /** True when it was done; false when it failed or one is already under way. */
  readonly run: <T>(
    intent: unknown,
    send: (key: string) => Promise<Result<T>>,
    done?: (value: T) => void,
  ) => Promise<boolean>;
  readonly forget: () => void;
};

/** React's hold on a command. The ref decides, not the rendered state: two clicks can come before one render. */
export function useCommand(): CommandHandle {
  const current = useRef<Command>(IDLE);
  const [command, setCommand] = useState<Command>(IDLE);
  const put = useCallback((next: Command) => {
    current.current = next;
    setCommand(next);
  }, []);
  const run = useCallback(
    async <T>(intent: unknown, send: (key: string) => Promise<Result<T>>, done?: (value: T) => void) => {
      const sending = planSend(current.current, JSON.stringify(intent), newKey);
      if (sending === null) return false;
      put(sending);
      const result = await send(sending.key);
      put(settle(current.current, sending.key, result));
      if (result.ok) done?.(result.value);
      return result.ok;
    },
    [put],
  );
  const forget = useCallback(() => {
    if (current.current.phase === 'failed') put(IDLE);
  }, [put]);
  return {
    isSending: command.phase === 'sending',
    failure: command.phase === 'failed' ? command.failure : null,
    run,
    forget,
  };
}

/** `crypto.randomUUID` exists on HTTPS and localhost only; the gateway may be reached by plain HTTP in a local network. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
