import { useTranslation } from 'react-i18next';
import type { ContactKind, Incident } from '../../gateway/api/contract/incident.ts';
import { useNow } from '../console/services.ts';
import { useSay } from '../console/word.ts';
import { calcHolder } from '../queue/owner.ts';
import { planAdvice } from './advice.ts';
import type { CallerNow } from './callers.ts';
import type { CallState } from './calls.ts';
import type { CallTarget } from './targets.ts';
import type { People } from './use-people.ts';

type AdviceBoxProps = {
  readonly incident: Incident;
  readonly myId: string;
  readonly targets: readonly CallTarget[];
  readonly calls: ReadonlyMap<string, CallState>;
  readonly contact: ContactKind | null;
  readonly callers: readonly CallerNow[];
  readonly people: People;
};

/** "What next" in one to four lines. */
export function AdviceBox({ incident, myId, targets, calls, contact, callers, people }: AdviceBoxProps) {
  const { t } = useTranslation();
  const say = useSay();
  const nowMs = useNow();
  const address = people.home?.state === 'known' && people.home.value.address !== '' ? people.home.value.address : null;
  const advice = planAdvice({
    ...{ incident, holder: calcHolder(incident, myId), targets, calls, contact, callers, address, nowMs },
  });
  return (
    <section className="advice" aria-labelledby="advice-heading">
      <h3 id="advice-heading">{t('incident.advice.heading')}</h3>
      <ol>
        {advice.map(({ code, params }) => (
          <li key={code}>{say(`incident.advice.${code}`, params, code)}</li>
        ))}
      </ol>
    </section>
  );
}
