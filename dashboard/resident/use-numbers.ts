import { useEffect, useState } from 'react';
import type { DeviceAddresses } from '../../gateway/api/contract/addresses.ts';
import { useServices } from '../console/services.ts';

/**
 * The telephone numbers of a device by the ids of their addresses, read once for each showing: every reading of a number leaves
 * a trace. Empty until they are there, and where they are not mine to read.
 */
export function useNumbers(deviceId: string, isWanted: boolean): ReadonlyMap<number, string> {
  const { api } = useServices();
  const [numbers, setNumbers] = useState<ReadonlyMap<number, string>>(NONE);
  useEffect(() => {
    if (!isWanted) return;
    const ended = new AbortController();
    void api.get<DeviceAddresses>(`/devices/${encodeURIComponent(deviceId)}/addresses`, ended.signal).then((result) => {
      if (ended.signal.aborted || !result.ok) return;
      setNumbers(new Map(result.value.items.flatMap(({ id, value }) => (value === null ? [] : [[id, value]]))));
    });
    return () => ended.abort();
  }, [api, deviceId, isWanted]);
  return numbers;
}

const NONE: ReadonlyMap<number, string> = new Map();
