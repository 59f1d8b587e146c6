import { useEffect, useState } from 'react';
import type { Incident, IncidentDetail } from '../../gateway/api/contract/incident.ts';
import { useNow, useServices } from '../console/services.ts';

export type DetailState = {
  readonly detail: IncidentDetail | null;
  readonly hasFailed: boolean;
};

/** Several changes in a moment (an action and its milestones) are read once. */
const SETTLE_MS = 120;
const RETRY_MS = 5000;

/** Alarms and log of the opened case, read again whenever its version changes; what was read stays until the next. */
export function useDetail(incident: Incident): DetailState {
  const { api, feed } = useServices();
  const [state, setState] = useState<DetailState>({ detail: null, hasFailed: false });
  const attempt = Math.floor(useNow() / RETRY_MS);
  const tryAgain = state.hasFailed ? attempt : 0;
  const { id, version } = incident;
  const isFirst = state.detail === null;
  useEffect(() => {
    let isWanted = true;
    const settleTimer = setTimeout(
      () => {
        void api.get<IncidentDetail>(`/incidents/${encodeURIComponent(id)}`).then((result) => {
          if (!isWanted) return;
          if (result.ok) {
            setState({ detail: result.value, hasFailed: false });
            const { alarms: _alarms, log: _log, ...fresh } = result.value;
            feed.learn(fresh);
          } else setState((held) => ({ ...held, hasFailed: true }));
        });
      },
      isFirst ? 0 : SETTLE_MS,
    );
    return () => {
      isWanted = false;
      clearTimeout(settleTimer);
    };
    // `isFirst` only says how long to wait.
  }, [api, feed, id, version, tryAgain]);
  return state;
}
