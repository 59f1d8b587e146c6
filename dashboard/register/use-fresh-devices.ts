import { useEffect } from 'react';
import { useRegister } from '../console/services.ts';
import { useSeenMinute } from '../console/use-ticks.ts';
import { useHomeDevices } from './use-home-devices.ts';

/**
 * Reads a home and its devices anew: when they are shown, once a minute while the window is seen, and whenever `news` changes. A
 * console runs for weeks: what was read once would count a silence upwards that is none.
 */
export function useFreshDevices(homeId: string | null, news: string): void {
  const register = useRegister();
  const seenMinute = useSeenMinute();
  const asked = useHomeDevices(homeId).deviceIds.join(' ');
  useEffect(() => {
    if (homeId !== null) register.refresh('homes', homeId);
  }, [register, homeId, news, seenMinute]);
  useEffect(() => {
    // A home that is read anew is another object with the same ids.
    for (const id of asked === '' ? [] : asked.split(' ')) register.refresh('devices', id);
  }, [register, asked, news, seenMinute]);
}
