import { useEffect } from 'react';
import type { IncidentPage } from '../../gateway/api/contract/incident.ts';
import { useServices } from '../console/services.ts';

/** Reads the last closed cases once the open ones are there: for "last alarm" and for opening one again. */
export function useClosed(isLoaded: boolean): void {
  const { api, feed } = useServices();
  useEffect(() => {
    if (!isLoaded) return;
    let isWanted = true;
    void api.get<IncidentPage>('/incidents?state=resolved').then((result) => {
      // Without it only the "last alarm" line is poorer; the open cases do not depend on it.
      if (isWanted && result.ok) for (const incident of result.value.items) feed.learn(incident);
    });
    return () => {
      isWanted = false;
    };
  }, [api, feed, isLoaded]);
}
