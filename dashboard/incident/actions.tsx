import { useTranslation } from 'react-i18next';
import type { Incident } from '../../gateway/api/contract/incident.ts';
import type { SessionUser } from '../../gateway/api/contract/session.ts';
import { FailureNote } from '../api/failure-note.tsx';
import { useCommand } from '../api/use-command.ts';
import { useServices } from '../console/services.ts';
import { CONTROL_IDS } from '../console/use-desk-keys.ts';
import { calcHolder } from '../queue/owner.ts';
import { isSupervisor } from '../session/roles.ts';

type ActionsProps = {
  readonly incident: Incident;
  readonly user: SessionUser;
  readonly onResolve: () => void;
};

type Simple = 'claim' | 'release' | 'reopen';

/** What may be done now; what may not is absent. A colleague's case is released or closed by its owner or a supervisor. */
export function Actions({ incident, user, onResolve }: ActionsProps) {
  const { t } = useTranslation();
  const { api, feed } = useServices();
  const command = useCommand();
  const holder = calcHolder(incident, user.id);
  const isClosed = incident.state === 'resolved';
  const mayEnd = holder.kind !== 'other' || isSupervisor(user);

  async function act(action: Simple): Promise<void> {
    await command.run(
      action,
      async (key) => {
        const result = await api.act(incident.id, action, {}, key);
        // A refusal tells how things stand now: "Wang Li has it" is then on the screen before the words are read.
        if (!result.ok && result.failure.incident !== null) feed.learn(result.failure.incident);
        return result;
      },
      feed.learn,
    );
  }

  const button = (action: Simple, kind: 'primary' | 'plain') => (
    <button
      type="button"
      className={kind}
      aria-disabled={command.isSending}
      {...(action === 'claim' ? { id: CONTROL_IDS.claim } : {})}
      onClick={() => void act(action)}
    >
      {action === 'claim' && command.isSending ? t('incident.actions.claiming') : t(`incident.actions.${action}`)}
      {action === 'claim' && <kbd>C</kbd>}
    </button>
  );

  return (
    <div className="actions">
      {isClosed && button('reopen', 'plain')}
      {!isClosed && holder.kind === 'nobody' && button('claim', 'primary')}
      {!isClosed && mayEnd && (
        <button type="button" id={CONTROL_IDS.resolve} onClick={onResolve}>
          {t('incident.actions.resolve')} <kbd>R</kbd>
        </button>
      )}
      {!isClosed && holder.kind !== 'nobody' && mayEnd && button('release', 'plain')}
      <FailureNote failure={command.failure} />
    </div>
  );
}
