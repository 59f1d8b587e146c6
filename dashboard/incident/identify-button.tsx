import { useTranslation } from 'react-i18next';
import { FailureNote } from '../api/failure-note.tsx';
import { useCommand } from '../api/use-command.ts';
import { useServices } from '../console/services.ts';

type IdentifyButtonProps = { readonly incidentId: string; readonly residentId: string; readonly name: string };

/** Says who of several it is; from then on further alarms of that person join this case. */
export function IdentifyButton({ incidentId, residentId, name }: IdentifyButtonProps) {
  const { t } = useTranslation();
  const { api, feed } = useServices();
  const command = useCommand();

  async function identify(): Promise<void> {
    await command.run(residentId, (key) => api.act(incidentId, 'identify', { residentId }, key), feed.learn);
  }

  return (
    <>
      <button type="button" aria-disabled={command.isSending} onClick={() => void identify()}>
        {t('incident.person.identify', { name })}
      </button>
      <FailureNote failure={command.failure} />
    </>
  );
}
