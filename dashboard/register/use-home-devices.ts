import { useEffect } from 'react';
import type { Home } from '../../gateway/api/contract/registry.ts';
import { useRegister } from '../console/services.ts';
import { useTicks } from '../console/use-ticks.ts';
import type { Entry } from './cache.ts';

/** So often it is looked whether what could not be read is due again. */
export const RETRY_MS = 5000;

/** Sees to it that a home and its devices are read, and says which they are; empty while the home is not known. */
export function useHomeDevices(homeId: string | null): {
  readonly home: Entry<Home> | null;
  readonly deviceIds: readonly string[];
} {
  const register = useRegister();
  const revision = register.revision();
  const tryAgain = useTicks(RETRY_MS);
  const home = homeId === null ? null : register.get('homes', homeId);
  const deviceIds = home?.state === 'known' ? home.value.deviceIds : NONE;
  useEffect(() => {
    if (homeId !== null) register.want('homes', homeId);
    for (const id of deviceIds) register.want('devices', id);
  }, [register, revision, homeId, deviceIds, tryAgain]);
  return { home, deviceIds };
}

const NONE: readonly string[] = [];
