import { useKeys } from '../keyboard/use-keys.ts';
import type { Desk } from './use-desk.ts';

/** Controls of the opened case carry these ids, so that a key does exactly what a click on them does. */
export const CONTROL_IDS = { claim: 'act-claim', note: 'act-note', resolve: 'act-resolve' } as const;

export function callControlId(place: number): string {
  return `call-${place}`;
}

export function useDeskKeys(areSingleKeysOn: boolean, desk: Desk, mute: () => void): void {
  useKeys(areSingleKeysOn, (command) => {
    switch (command) {
      case 'next':
        return desk.move(1);
      case 'previous':
        return desk.move(-1);
      case 'open':
        return desk.openSelected();
      case 'back':
        return desk.close();
      case 'claim':
        return press(CONTROL_IDS.claim);
      case 'resolve':
        return press(CONTROL_IDS.resolve);
      case 'note':
        return document.getElementById(CONTROL_IDS.note)?.focus();
      case 'by-hand':
        return desk.show('by-hand');
      case 'mute':
        return mute();
      case 'help':
        return desk.show('help');
      default:
        // A digit only leads to the number: dialing takes a second key.
        return document.getElementById(command)?.focus();
    }
  });
}

function press(id: string): void {
  const control = document.getElementById(id);
  control?.focus();
  control?.click();
}
