import { useEffect, useState, useSyncExternalStore } from 'react';
import { useRegister, useServices } from '../console/services.ts';

const MINUTE_MS = 60_000;
const RETRY_MS = 5000;

/**
 * Reads a home and its devices anew: when they are shown, once a minute while the window is seen, and whenever `news` changes. A
 * console runs for weeks: what was read once would count a silence upwards that is none.
 */
export function useFreshDevices(homeId: string | null, news: string): void {
  const register = useRegister();
  const { ticker } = useServices();
  const revision = register.revision();
  const minute = useSyncExternalStore(ticker.subscribe, () => Math.floor(ticker.shownMs() / MINUTE_MS));
  const tryAgain = useSyncExternalStore(ticker.subscribe, () => Math.floor(ticker.shownMs() / RETRY_MS));
  const [seenMinute, setSeenMinute] = useState(minute);
  if (seenMinute !== minute && !document.hidden) setSeenMinute(minute);
  const home = homeId === null ? null : register.get('homes', homeId);
  const asked = home?.state === 'known' ? home.value.deviceIds.join(' ') : '';
  useEffect(() => {
    if (homeId !== null) register.refresh('homes', homeId);
  }, [register, homeId, news, seenMinute]);
  useEffect(() => {
    for (const id of splitIds(asked)) register.refresh('devices', id);
  }, [register, asked, news, seenMinute]);
  useEffect(() => {
    if (homeId !== null) register.want('homes', homeId);
    for (const id of splitIds(asked)) register.want('devices', id);
  }, [register, revision, homeId, asked, tryAgain]);
}

function splitIds(ids: string): string[] {
  return ids === '' ? [] : ids.split(' ');
}
