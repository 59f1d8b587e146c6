import { useTranslation } from 'react-i18next';
import type { Incident } from '../../gateway/api/contract/incident.ts';
import { FailureNote } from '../api/failure-note.tsx';
import { useCommand } from '../api/use-command.ts';
import { useServices } from '../console/services.ts';
import { useSay } from '../console/word.ts';
import { listSteps, type RescueStep } from './steps.ts';

/** Logs what the rescue has come to: 120 called, the helper at the door, the supervisor asked. */
export function StepButtons({ incident }: { readonly incident: Incident }) {
  const { t } = useTranslation();
  const say = useSay();
  const { api, feed } = useServices();
  const command = useCommand();
  const steps = listSteps(incident);
  if (steps.length === 0) return null;

  async function log({ action, body }: RescueStep): Promise<void> {
    await command.run(
      [action, body],
      async (key) => {
        const result = await api.act(incident.id, action, body, key);
        if (!result.ok && result.failure.incident !== null) feed.learn(result.failure.incident);
        return result;
      },
      feed.learn,
    );
  }

  return (
    <div className="steps" role="group" aria-label={t('incident.steps.heading')}>
      {steps.map((step) => (
        <button
          key={`${step.action} ${step.word} ${step.service ?? ''}`}
          type="button"
          className={step.isFirst ? 'primary' : 'plain'}
          aria-disabled={command.isSending}
          onClick={() => void log(step)}
        >
          {say(`incident.steps.${step.word}`, { service: step.service ?? '' }, step.action)}
        </button>
      ))}
      <FailureNote failure={command.failure} />
    </div>
  );
}
