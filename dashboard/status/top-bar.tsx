import { useTranslation } from 'react-i18next';
import type { SessionUser } from '../../gateway/api/contract/session.ts';
import type { DutyHandle } from '../duty/use-duty.ts';
import type { Liveness } from '../feed/liveness.ts';
import { LanguageButton } from '../i18n/language-button.tsx';
import { toggleTheme } from '../theme/theme.ts';

type TopBarProps = {
  readonly user: SessionUser;
  readonly liveness: Liveness;
  readonly duty: DutyHandle;
  readonly isSounding: boolean;
  readonly onMute: () => void;
  readonly onTestSound: () => void;
  readonly onHelp: () => void;
  readonly onLeave: () => void;
};

export function TopBar(props: TopBarProps) {
  const { t } = useTranslation();
  const { user, liveness, duty } = props;
  return (
    <header className="top-bar">
      <p className="brand">
        <strong>{t('shell.product')}</strong> {t('shell.station')}
      </p>
      <LiveSign liveness={liveness} />
      <p className="sign" data-ok={duty.isOn}>
        {duty.isOn ? t('shell.bar.onDuty') : t('shell.bar.offDuty')}
      </p>
      <p className="sign" data-ok={duty.isSoundOk}>
        {duty.isSoundOk ? t('shell.bar.soundOn') : t('shell.bar.soundOff')}
      </p>
      {props.isSounding && (
        <button type="button" className="mute" onClick={props.onMute}>
          {t('shell.bar.mute')} <kbd>M</kbd>
        </button>
      )}
      <nav>
        {duty.isOn && duty.isSoundOk ? (
          <button type="button" className="quiet" onClick={duty.end}>
            {t('shell.bar.endShift')}
          </button>
        ) : (
          duty.isSoundOk && (
            <button type="button" className="primary" onClick={props.onTestSound}>
              {t('shell.banner.soundAction')}
            </button>
          )
        )}
        <button type="button" className="quiet" onClick={() => toggleTheme(localStorage, document.documentElement)}>
          {t('shell.bar.theme')}
        </button>
        <LanguageButton />
        <button type="button" className="quiet" onClick={props.onHelp}>
          {t('shell.bar.help')} <kbd>?</kbd>
        </button>
        <span className="user">{user.name}</span>
        <button type="button" className="quiet" onClick={props.onLeave}>
          {t('shell.bar.logout')}
        </button>
      </nav>
    </header>
  );
}

function LiveSign({ liveness }: { readonly liveness: Liveness }) {
  const { t } = useTranslation();
  switch (liveness.kind) {
    case 'starting':
      return <p className="sign">{t('shell.bar.starting')}</p>;
    case 'lost':
      return (
        <p className="sign" data-ok={false}>
          {t('shell.bar.lost')}
        </p>
      );
    case 'proven':
      return (
        <p className="sign" data-ok={true}>
          {t('shell.bar.live')} · {t('shell.bar.liveAgo', { seconds: Math.floor(liveness.ageMs / 1000) })}
        </p>
      );
  }
}
