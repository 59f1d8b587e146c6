import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Incident } from '../../gateway/api/contract/incident.ts';
import type { SessionUser } from '../../gateway/api/contract/session.ts';
import { useServices } from '../console/services.ts';
import type { Desk } from '../console/use-desk.ts';
import { useFreshFile } from '../register/use-lookups.ts';
import { isSupervisor } from '../session/roles.ts';
import { CaseVitals } from '../vitals/case-vitals.tsx';
import { Actions } from './actions.tsx';
import { AdviceBox } from './advice-box.tsx';
import { Alarms } from './alarms.tsx';
import { CallList } from './call-list.tsx';
import { CallerStrip } from './caller-strip.tsx';
import { listCallers, listWriters, withCallers } from './callers.ts';
import { readCalls, readContact } from './calls.ts';
import { DeviceCard } from './device-card.tsx';
import { HomeCard } from './home-card.tsx';
import { Log } from './log.tsx';
import { NoteForm } from './note-form.tsx';
import { PanelHead } from './panel-head.tsx';
import { PersonCard } from './person-card.tsx';
import { ResolveDialog } from './resolve-dialog.tsx';
import { StepButtons } from './step-buttons.tsx';
import { listTargets } from './targets.ts';
import { useDetail } from './use-detail.ts';
import { usePeople } from './use-people.ts';

type PanelProps = {
  readonly incident: Incident;
  readonly user: SessionUser;
  readonly desk: Desk;
};

/** One case, from "what next" to the history; the same order for every case. */
export function Panel({ incident, user, desk }: PanelProps) {
  const { t } = useTranslation();
  const { drafts } = useServices();
  const heading = useRef<HTMLHeadingElement>(null);
  const { detail, hasFailed } = useDetail(incident);
  const people = usePeople(incident);
  useFreshFile(incident);
  useEffect(() => {
    // Somebody who is typing elsewhere keeps the focus.
    const isTyping = document.activeElement?.matches('input, textarea, select') === true;
    if (!isTyping) heading.current?.focus({ preventScroll: true });
  }, []);
  const log = detail?.log ?? [];
  const alarms = detail?.alarms ?? [];
  const callers = listCallers(alarms);
  const targets = withCallers(listTargets(people.known), [...callers, ...listWriters(alarms)]);
  const calls = readCalls(log, targets);
  // Read before the last press, the log would still say what was known until then.
  const contact = detail !== null && detail.presses >= incident.presses ? readContact(log) : null;
  const isClosed = incident.state === 'resolved';
  return (
    <section className="panel" aria-labelledby="panel-heading">
      <PanelHead ref={heading} incident={incident} myId={user.id} onClose={desk.close} />
      <Actions incident={incident} user={user} onResolve={() => desk.show('resolve')} />
      {hasFailed && (
        <p role="alert" className="failure">
          {t('incident.partial')}
        </p>
      )}
      <CallerStrip callers={callers} targets={targets} isToCallBack={incident.flags.includes('missed-call')} />
      <AdviceBox
        incident={incident}
        myId={user.id}
        targets={targets}
        calls={calls}
        contact={contact}
        callers={callers}
        people={people}
      />
      <StepButtons incident={incident} />
      {!isClosed && <NoteForm incidentId={incident.id} drafts={drafts} />}
      <div className="columns">
        <div>
          <CallList incident={incident} targets={targets} calls={calls} contact={contact} />
        </div>
        <div>
          <PersonCard incident={incident} people={people} />
          <HomeCard home={people.home} />
        </div>
        <CaseVitals incident={incident} alarms={alarms} />
        <div className="history">
          <Alarms alarms={detail?.alarms ?? null} />
          <DeviceCard incident={incident} alarms={alarms} />
          <Log log={detail?.log ?? null} targets={targets} user={user} />
        </div>
      </div>
      {desk.dialog === 'resolve' && (
        <ResolveDialog
          incident={incident}
          isSupervisor={isSupervisor(user)}
          contact={contact}
          onClose={() => desk.show(null)}
        />
      )}
    </section>
  );
}
