import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Resident } from '../../gateway/api/contract/registry.ts';
import { FailureNote } from '../api/failure-note.tsx';
import type { Failure } from '../api/failure.ts';
import { useRegister, useServices } from '../console/services.ts';

type ResidentSearchProps = {
  readonly residentId: string | null;
  readonly onChoose: (id: string | null) => void;
};

const SETTLE_MS = 200;
const MOST_SHOWN = 8;

/** Finds a resident while the caller is still speaking. */
export function ResidentSearch({ residentId, onChoose }: ResidentSearchProps) {
  const { t } = useTranslation();
  const { api } = useServices();
  const register = useRegister();
  const [query, setQuery] = useState('');
  const [found, setFound] = useState<readonly Resident[] | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const wanted = query.trim();

  useEffect(() => {
    setFound(null);
    setFailure(null);
    if (wanted === '') return;
    let isWanted = true;
    const settleTimer = setTimeout(() => {
      void api
        .get<{ readonly items: readonly Resident[] }>(`/residents?q=${encodeURIComponent(wanted)}`)
        .then((result) => {
          if (!isWanted) return;
          if (!result.ok) return setFailure(result.failure);
          for (const resident of result.value.items) {
            register.learn('residents', resident);
            register.want('homes', resident.homeId);
          }
          setFound(result.value.items.slice(0, MOST_SHOWN));
        });
    }, SETTLE_MS);
    return () => {
      isWanted = false;
      clearTimeout(settleTimer);
    };
  }, [api, register, wanted]);

  const wordsOf = (resident: Resident): string => {
    const home = register.get('homes', resident.homeId);
    return [resident.name, home.state === 'known' ? home.value.address : null, resident.number]
      .filter((part) => part !== null)
      .join(' · ');
  };
  const chosen = residentId === null ? null : register.get('residents', residentId);
  if (residentId !== null) {
    return (
      <p className="chosen">
        {t('queue.byHand.chosen')}: <strong>{chosen?.state === 'known' ? wordsOf(chosen.value) : residentId}</strong>{' '}
        <button type="button" className="quiet" onClick={() => onChoose(null)}>
          {t('queue.byHand.clear')}
        </button>
      </p>
    );
  }
  return (
    <div className="search">
      <label>
        {t('queue.byHand.search')}
        <input
          inputMode="search"
          autoComplete="off"
          data-first
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
      </label>
      <FailureNote failure={failure} />
      {found !== null && found.length === 0 && <p role="status">{t('queue.byHand.none')}</p>}
      {found !== null && found.length > 0 && (
        <ul>
          {found.map((resident) => (
            <li key={resident.id}>
              <button type="button" onClick={() => onChoose(resident.id)}>
                {wordsOf(resident)}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
