import type { DirectoryDevice } from '../../registry/directory.ts';
import type { Actor } from '../auth/actor.ts';
import { scopesOf } from '../auth/scope.ts';

/** From when on an actor may know what a device did, epoch milliseconds: before it was handed on that tells of somebody else. */
export function ownSince(actor: Actor, device: Pick<DirectoryDevice, 'boundFrom' | 'binding'> | undefined): number {
  if (device === undefined || device.boundFrom === null || scopesOf(actor).includes('*')) return 0;
  return device.binding === 1 ? 0 : Date.parse(device.boundFrom);
}
