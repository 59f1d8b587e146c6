import { useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { useNow, useRegister, useServices } from '../console/services.ts';
import { useFreshDevices } from '../register/use-fresh-devices.ts';
import { mergeCases } from '../vitals/load-cases.ts';
import { VitalsCard } from '../vitals/vitals-card.tsx';
import { CaseList } from './case-list.tsx';
import { calcNews, listCases } from './cases.ts';
import { DeviceList } from './device-list.tsx';
import { Facts } from './facts.tsx';
import { LimitList } from './limit-list.tsx';
import { useLastCases } from './use-last-cases.ts';

type ResidentPageProps = {
  readonly residentId: string;
  readonly myId: string;
  readonly onOpenCase: (id: string) => void;
  readonly onClose: () => void;
};

/** CSS pixels of one strip of the chart here, where there is room. */
const PLOT_HEIGHT = 150;
const NO_METRICS: readonly string[] = [];

/** One person: who, how things stand, devices, limits, vital signs and cases. To read only; the queue stays beside it. */
export function ResidentFile({ residentId, myId, onOpenCase, onClose }: ResidentPageProps) {
  const { t } = useTranslation();
  const { feed } = useServices();
  const register = useRegister();
  const nowMs = useNow();
  const heading = useRef<HTMLHeadingElement>(null);
  const view = useSyncExternalStore(feed.subscribe, feed.view);
  const last = useLastCases(residentId);
  const cases = useMemo(
    () => listCases(mergeCases(view.incidents, last?.ok === true ? last.value.items : []), residentId),
    [view.incidents, last, residentId],
  );
  const tryAgain = Math.floor(nowMs / 5000);
  useEffect(() => register.refresh('residents', residentId), [register, residentId]);
  const entry = register.get('residents', residentId);
  const resident = entry.state === 'known' ? entry.value : null;
  const homeId = resident?.homeId ?? null;
  const hasFailed = entry.state === 'failed';
  useEffect(() => {
    if (hasFailed) register.want('residents', residentId);
  }, [register, residentId, hasFailed, tryAgain]);
  useFreshDevices(
    homeId,
    useMemo(() => calcNews(view.incidents.values(), residentId, homeId), [view.incidents, residentId, homeId]),
  );
  useEffect(() => {
    const isTyping = document.activeElement?.matches('input, textarea, select') === true;
    if (!isTyping) heading.current?.focus({ preventScroll: true });
  }, [residentId]);
  const homeEntry = homeId === null ? null : register.get('homes', homeId);
  const home = homeEntry?.state === 'known' ? homeEntry.value : null;
  const age =
    resident === null || resident.birthYear === null ? null : new Date(nowMs).getFullYear() - resident.birthYear;
  return (
    <section className="panel resident" aria-labelledby="resident-heading">
      <header className="resident-head">
        <p className="muted">{t('vitals.page.heading')}</p>
        <h2 id="resident-heading" ref={heading} tabIndex={-1}>
          {resident?.name ?? residentId}{' '}
          {resident !== null && (
            <span className="age">
              {age === null ? t('incident.person.ageUnknown') : t('incident.person.age', { age })}
            </span>
          )}
        </h2>
        <button type="button" className="quiet" onClick={onClose}>
          {t('vitals.page.back')} <kbd>Esc</kbd>
        </button>
      </header>
      {entry.state === 'loading' && <p role="status">{t('vitals.page.loading')}</p>}
      {entry.state === 'missing' && <p role="status">{t('vitals.page.missing')}</p>}
      {hasFailed && (
        <p role="status" className="warning">
          {t('vitals.page.failed')}
        </p>
      )}
      {resident !== null && (
        <>
          <div className="columns">
            <div>
              <Facts resident={resident} home={home} />
              <CaseList
                cases={cases}
                past={last === null ? 'reading' : last.ok ? 'read' : 'failed'}
                myId={myId}
                onOpen={onOpenCase}
              />
            </div>
            <div>
              <DeviceList residentId={residentId} home={homeEntry} />
              <LimitList residentId={residentId} />
            </div>
          </div>
          <VitalsCard residentId={residentId} about={NO_METRICS} own={null} plotHeight={PLOT_HEIGHT} />
        </>
      )}
    </section>
  );
}
