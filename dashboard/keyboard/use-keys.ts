import { useEffect, useEffectEvent } from 'react';
import { readKey, type KeyCommand } from './keys.ts';

const TYPING = 'input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]';
const CONTROLS = 'button, a[href], summary, input, select, textarea';

/** One listener for the whole console; what a key means is decided in `keys.ts`. */
export function useKeys(areSingleKeysOn: boolean, run: (command: KeyCommand) => void): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const target = event.target instanceof Element ? event.target : null;
    const command = readKey({
      key: event.key,
      hasModifier: event.ctrlKey || event.altKey || event.metaKey,
      isTyping: target?.closest(TYPING) != null,
      isInDialog: document.querySelector('dialog[open]') !== null,
      isOnControl: target?.closest(CONTROLS) != null,
      areSingleKeysOn,
    });
    if (command === null || event.defaultPrevented) return;
    event.preventDefault();
    run(command);
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => onKey(event);
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, []);
}
