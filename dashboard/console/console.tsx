import { useMemo, useState, useSyncExternalStore } from 'react';
import type { SessionUser } from '../../gateway/api/contract/session.ts';
import { ByHand } from '../by-hand/by-hand.tsx';
import { Leave } from '../duty/leave.tsx';
import { SoundTest } from '../duty/sound-test.tsx';
import { useDuty } from '../duty/use-duty.ts';
import { Panel } from '../incident/panel.tsx';
import { Help } from '../keyboard/help.tsx';
import { Calm } from '../queue/calm.tsx';
import { calcLastAlarmAt } from '../queue/last-alarm.ts';
import { sortQueues } from '../queue/order.ts';
import { Queue } from '../queue/queue.tsx';
import { useClosed } from '../queue/use-closed.ts';
import { useLookups } from '../register/use-lookups.ts';
import { pagedDesk } from '../resident/paged-desk.ts';
import { ResidentFile } from '../resident/page.tsx';
import { useResidentPage } from '../resident/use-resident-page.ts';
import { useReceipts } from '../seen/use-receipts.ts';
import { SessionEnd } from '../session/session-end.tsx';
import { useSound } from '../sound/use-sound.ts';
import { Banners } from '../status/banners.tsx';
import { RingingNews } from '../status/ringing-news.tsx';
import { TopBar } from '../status/top-bar.tsx';
import { useTab } from '../status/use-tab.ts';
import { useNow, useServices } from './services.ts';
import { useDesk } from './use-desk.ts';
import { useDeskKeys } from './use-desk-keys.ts';

type ConsoleProps = {
  readonly user: SessionUser;
  readonly expiresAt: string;
  readonly isEnded: boolean;
};

/** The operator's whole screen: what rings, what is open, and what stands in the way of trusting it. */
export function Console({ user, expiresAt, isEnded }: ConsoleProps) {
  const { feed, player } = useServices();
  const nowMs = useNow();
  const view = useSyncExternalStore(feed.subscribe, feed.view);
  const liveness = feed.liveness();
  const isLost = liveness.kind === 'lost' || isEnded;
  const queues = useMemo(() => sortQueues(view.incidents.values()), [view.incidents]);
  const shown = useMemo(() => [...queues.people, ...queues.technical], [queues]);
  const [areSingleKeysOn, setSingleKeys] = useState(true);
  const bareDesk = useDesk(queues, view.incidents);
  const page = useResidentPage(bareDesk.opened?.id ?? null);
  const desk = pagedDesk(bareDesk, page);
  const sound = useSound(
    shown,
    { ...user, isOnDuty: view.duty?.on === true },
    nowMs,
    isEnded || (liveness.kind === 'lost' && liveness.sounds),
    desk.dialog === 'sound',
  );
  const duty = useDuty(view, sound.player);
  useLookups(shown);
  useClosed(view.isLoaded);
  useReceipts(shown, sound.decision);
  useTab(sound.decision.ringing.length, isLost);
  useDeskKeys(areSingleKeysOn, desk, sound.mute);

  function testSound(): void {
    // Must happen inside the gesture: browsers let sound out only then.
    void player.unlock();
    desk.show('sound');
  }

  const { opened } = desk;
  return (
    <div className="console" data-lost={isLost}>
      <TopBar
        user={user}
        liveness={liveness}
        duty={duty}
        isSounding={sound.decision.pattern !== null}
        onMute={sound.mute}
        onTestSound={testSound}
        onHelp={() => desk.show('help')}
        onLeave={() => desk.show('leave')}
      />
      <Banners view={view} liveness={liveness} sound={sound} duty={duty} onTestSound={testSound} />
      <main>
        <Queue
          queues={queues}
          myId={user.id}
          openId={opened?.id ?? null}
          selectedId={desk.selectedId}
          onOpen={desk.open}
          onByHand={() => desk.show('by-hand')}
        />
        {page.id !== null ? (
          <ResidentFile key={page.id} residentId={page.id} myId={user.id} onOpenCase={desk.open} onClose={desk.close} />
        ) : opened === null ? (
          <Calm
            liveness={liveness}
            isAnybodyWaiting={queues.people.some((incident) => incident.owner === null)}
            isQueueEmpty={queues.people.length === 0}
            lastAlarmAt={calcLastAlarmAt(view.incidents.values())}
          />
        ) : (
          <Panel key={opened.id} incident={opened} user={user} desk={desk} />
        )}
      </main>
      <RingingNews ringing={sound.decision.ringing} />
      {desk.dialog === 'sound' && (
        <SoundTest
          onHeard={() => {
            duty.begin();
            desk.show(null);
          }}
          onClose={() => desk.show(null)}
        />
      )}
      {desk.dialog === 'help' && (
        <Help areSingleKeysOn={areSingleKeysOn} onSingleKeys={setSingleKeys} onClose={() => desk.show(null)} />
      )}
      {desk.dialog === 'by-hand' && <ByHand onOpened={desk.open} onClose={() => desk.show(null)} />}
      {desk.dialog === 'leave' && (
        <Leave
          ownedCount={shown.filter((incident) => incident.owner?.id === user.id).length}
          onClose={() => desk.show(null)}
        />
      )}
      <SessionEnd username={user.username} expiresAt={expiresAt} isEnded={isEnded} />
    </div>
  );
}
