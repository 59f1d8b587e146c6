import { useEffect, useState } from 'react';
import type { DeviceModels } from '../../gateway/api/contract/device-model.ts';
import { useRegister, useServices } from '../console/services.ts';
import { MINUTE_MS, useTicks } from '../console/use-ticks.ts';
import { RETRY_MS, useHomeDevices } from '../register/use-home-devices.ts';
import { listMeasured, listShared, type ModelMetrics, type Shared } from './measured.ts';

export type Measured =
  | { readonly kind: 'reading' }
  | { readonly kind: 'failed' }
  /** Not registered, or not to be seen by whoever asks. */
  | { readonly kind: 'missing' }
  | { readonly kind: 'known'; readonly metrics: readonly string[]; readonly shared: readonly Shared[] };

/** What a person's devices measure: by their home, its devices and the models of these. */
export function useMeasured(residentId: string): Measured {
  const register = useRegister();
  const models = useModels();
  const revision = register.revision();
  const tryAgain = useTicks(RETRY_MS);
  const resident = register.get('residents', residentId);
  useEffect(() => register.want('residents', residentId), [register, revision, residentId, tryAgain]);
  const { home, deviceIds } = useHomeDevices(resident.state === 'known' ? resident.value.homeId : null);
  const entries = deviceIds.map((id) => register.get('devices', id));
  const states = [resident.state, home?.state, ...entries.map(({ state }) => state)];
  if (resident.state === 'missing') return { kind: 'missing' };
  if (models === 'failed' || states.includes('failed')) return { kind: 'failed' };
  if (models === null || states.includes('loading')) return { kind: 'reading' };
  const devices = entries.flatMap((entry) => (entry.state === 'known' ? [entry.value] : []));
  const [metrics, shared] = [listMeasured(residentId, devices, models), listShared(residentId, devices, models)];
  return { kind: 'known', metrics, shared };
}

/** Kept for the life of the page: the catalog does not change while a gateway runs. */
let known: ModelMetrics | null = null;

/** Null while it is read; asked for again each minute while it fails. */
function useModels(): ModelMetrics | 'failed' | null {
  const { api } = useServices();
  const [models, setModels] = useState<ModelMetrics | 'failed' | null>(known);
  const minute = useTicks(MINUTE_MS);
  const turn = models === 'failed' ? minute : 0;
  useEffect(() => {
    if (known !== null) return;
    const ended = new AbortController();
    void api.get<DeviceModels>('/device-models', ended.signal).then((result) => {
      if (ended.signal.aborted) return;
      if (result.ok) known = new Map(result.value.items.map(({ id, metrics }) => [id, metrics]));
      setModels(known ?? 'failed');
    });
    return () => ended.abort();
  }, [api, turn]);
  return models;
}
