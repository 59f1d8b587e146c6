import type { Incident } from '../../gateway/api/contract/incident.ts';
import type { Home, Resident } from '../../gateway/api/contract/registry.ts';
import { useRegister } from '../console/services.ts';
import type { Entry } from '../register/cache.ts';
import { calcHomeId } from '../register/who.ts';

export type People = {
  /** The resident, or everybody it may be. */
  readonly entries: readonly { readonly id: string; readonly entry: Entry<Resident> }[];
  readonly known: readonly Resident[];
  readonly home: Entry<Home> | null;
};

export function usePeople(incident: Incident): People {
  const register = useRegister();
  const ids = incident.residentId === null ? incident.candidates : [incident.residentId];
  const entries = ids.map((id) => ({ id, entry: register.get('residents', id) }));
  const known = entries.flatMap(({ entry }) => (entry.state === 'known' ? [entry.value] : []));
  const homeId = calcHomeId(incident, register);
  return { entries, known, home: homeId === null ? null : register.get('homes', homeId) };
}
