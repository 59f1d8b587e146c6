import { useTranslation } from 'react-i18next';
import type { Incident } from '../../gateway/api/contract/incident.ts';
import { useRegister } from '../console/services.ts';
import { useSay } from '../console/word.ts';
import { useWhoWords } from '../queue/who-words.ts';
import { calcWho } from '../register/who.ts';

/** Tells screen readers what rings; the text changes only when that does. */
export function RingingNews({ ringing }: { readonly ringing: readonly Incident[] }) {
  const { t } = useTranslation();
  const say = useSay();
  const register = useRegister();
  const wordsOfWho = useWhoWords();
  const news = ringing
    .slice(0, 3)
    .map(
      (incident) =>
        `${say(`words.type.${incident.type}`, {}, incident.type)} ${wordsOfWho(calcWho(incident, register))}`,
    );
  return (
    <p className="sr-only" aria-live="assertive">
      {news.length > 0 && `${t('queue.rings')}: ${news.join('; ')}`}
    </p>
  );
}
