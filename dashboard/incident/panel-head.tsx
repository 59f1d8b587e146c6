import type { Ref } from 'react';
import { useTranslation } from 'react-i18next';
import type { Incident } from '../../gateway/api/contract/incident.ts';
import { formatElapsed, formatMoment } from '../clock/format.ts';
import { useNow, useRegister } from '../console/services.ts';
import { useSay } from '../console/word.ts';
import { Flags, HolderSign, NextStep, PriorityMark, Since } from '../queue/signs.tsx';
import { useAddressWords, useWhoWords } from '../queue/who-words.ts';
import { calcAddress, calcWho } from '../register/who.ts';

type PanelHeadProps = {
  readonly ref: Ref<HTMLHeadingElement>;
  readonly incident: Incident;
  readonly myId: string;
  readonly onClose: () => void;
};

export function PanelHead({ ref, incident, myId, onClose }: PanelHeadProps) {
  const { t } = useTranslation();
  const say = useSay();
  const register = useRegister();
  const wordsOfWho = useWhoWords();
  const wordsOfAddress = useAddressWords();
  const nowMs = useNow();
  const rangAgain = incident.presses > 1;
  return (
    <header className="panel-head" data-rings={incident.ringing} data-priority={incident.priority}>
      <PriorityMark incident={incident} />
      <div className="body">
        <h2 id="panel-heading" ref={ref} tabIndex={-1}>
          <span className="type">{say(`words.type.${incident.type}`, {}, incident.type)}</span>{' '}
          <span className="who">{wordsOfWho(calcWho(incident, register))}</span>
        </h2>
        <p className="address">{wordsOfAddress(calcAddress(incident, register))}</p>
        <Flags incident={incident} />
        <p className="foot">
          <HolderSign incident={incident} myId={myId} />
          <NextStep incident={incident} />
          <span className="muted">
            {t('incident.received', { time: formatMoment(Date.parse(incident.openedAt), nowMs) })}
            {rangAgain && ` · ${t('incident.again', { elapsed: formatElapsed(nowMs - Date.parse(incident.rangAt)) })}`}
          </span>
        </p>
      </div>
      <Since incident={incident} />
      <button type="button" className="quiet" onClick={onClose}>
        {t('incident.close')} <kbd>Esc</kbd>
      </button>
    </header>
  );
}
