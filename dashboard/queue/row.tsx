import { memo } from 'react';
import type { Incident } from '../../gateway/api/contract/incident.ts';
import { useRegister } from '../console/services.ts';
import { useSay } from '../console/word.ts';
import { calcAddress, calcWho } from '../register/who.ts';
import { calcHolder } from './owner.ts';
import { Reason } from './reason.tsx';
import { Flags, HolderSign, NextStep, PriorityMark, Since } from './signs.tsx';
import { useAddressWords, useWhoWords } from './who-words.ts';

type RowProps = {
  readonly incident: Incident;
  readonly myId: string;
  readonly isOpen: boolean;
  readonly isSelected: boolean;
  /** Outside the order that the arrow keys walk through: reached by Tab. */
  readonly isTabStop: boolean;
  readonly onOpen: (id: string) => void;
};

/** One case in the queue: how bad, what, who, where, since when, who has it, what happens next. */
export const Row = memo(function Row({ incident, myId, isOpen, isSelected, isTabStop, onOpen }: RowProps) {
  const register = useRegister();
  const say = useSay();
  const wordsOfWho = useWhoWords();
  const wordsOfAddress = useAddressWords();
  const who = wordsOfWho(calcWho(incident, register));
  const address = wordsOfAddress(calcAddress(incident, register));
  const type = say(`words.type.${incident.type}`, {}, incident.type);
  return (
    <li>
      <button
        type="button"
        className="row"
        id={`row-${incident.id}`}
        aria-current={isOpen}
        data-rings={incident.ringing}
        data-priority={incident.priority}
        data-holder={calcHolder(incident, myId).kind}
        data-selected={isSelected}
        tabIndex={isSelected || isTabStop ? 0 : -1}
        onClick={() => onOpen(incident.id)}
      >
        <PriorityMark incident={incident} />
        <span className="body">
          <span className="headline">
            <span className="what">
              <span className="type">{type}</span>
              <span className="who">{who}</span>
            </span>
            <Since incident={incident} />
          </span>
          <Reason incident={incident} />
          <span className="address">{address}</span>
          <Flags incident={incident} />
          <span className="foot">
            <HolderSign incident={incident} myId={myId} />
            <NextStep incident={incident} />
          </span>
        </span>
      </button>
    </li>
  );
});
