import { useEffect } from 'react';
import type { Incident } from '../../gateway/api/contract/incident.ts';
import { useNow, useRegister, useServices } from '../console/services.ts';
import { planLookups } from './who.ts';

/** Reads what the shown incidents speak of, in their order; what failed is tried again with the clock. */
export function useLookups(incidents: readonly Incident[]): void {
  const register = useRegister();
  const revision = register.revision();
  const tryAgain = Math.floor(useNow() / 5000);
  useEffect(() => {
    for (const incident of incidents) {
      for (const [kind, id] of planLookups(incident, register)) register.want(kind, id);
    }
  }, [incidents, register, revision, tryAgain]);
}

/** Reads the person, the home and the device of the opened case anew: what was changed an hour ago must be right now. */
export function useFreshFile(incident: Incident | null): void {
  const { register } = useServices();
  const id = incident?.id ?? null;
  useEffect(() => {
    if (incident === null) return;
    for (const [kind, subject] of planLookups(incident, register)) register.refresh(kind, subject);
    // Once for each opened case: `incident` changes with every press and note, its people do not.
  }, [id, register]);
}
