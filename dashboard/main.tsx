import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createApi } from './api/client.ts';
import { App } from './app.tsx';
import { createAwakeClock } from './clock/awake.ts';
import { calcOffsetMs } from './clock/offset.ts';
import { Ticker } from './clock/ticker.ts';
import { ServicesProvider, type Services } from './console/services.ts';
import { CrashBoundary } from './crash/boundary.tsx';
import { Crashed } from './crash/crashed.tsx';
import { DraftStore } from './dialog/drafts.ts';
import { FeedStore } from './feed/feed-store.ts';
import { chooseLanguage } from './i18n/language.ts';
import { startI18n } from './i18n/start.ts';
import { RegisterCache } from './register/cache.ts';
import { SessionStore } from './session/session-store.ts';
import { AlarmPlayer } from './sound/player.ts';
import { LANGUAGE_KEY } from './i18n/language-button.tsx';
import { startTheme } from './theme/theme.ts';
import './theme/index.css';

/** The one place where the parts are made and put together. */
function buildServices(): Services {
  const session = new SessionStore(localStorage, () => Date.now());
  const ticker = new Ticker({
    nowMs: () => Date.now(),
    setInterval: (tick, ms) => window.setInterval(tick, ms),
    clearInterval: (timer) => window.clearInterval(timer as number),
  });
  const heardDate = (date: string, readAtMs: number): void => ticker.setOffset(calcOffsetMs(date, readAtMs));
  const api = createApi({
    fetch: (path, init) => fetch(path, init),
    csrf: () => session.state().session?.csrf ?? null,
    heardDate: (date) => heardDate(date, Date.now()),
    lostSession: () => session.lose(),
  });
  const feed = new FeedStore({
    nowMs: () => Date.now(),
    monoMs: createAwakeClock(
      () => performance.now(),
      () => Date.now(),
    ),
    heardDate,
    lostSession: () => session.lose(),
    ticked: ticker.nudge,
  });
  const register = new RegisterCache(api, () => performance.now());
  const player = new AlarmPlayer(() => new AudioContext());
  return { api, session, feed, register, ticker, player, drafts: new DraftStore() };
}

async function start(): Promise<void> {
  startTheme(localStorage, document.documentElement);
  await startI18n(chooseLanguage(localStorage.getItem(LANGUAGE_KEY), navigator.languages));
  const services = buildServices();
  services.ticker.start();
  window.addEventListener('storage', (event) => {
    if (event.storageArea === localStorage) services.session.reread();
  });
  // A page that the browser kept frozen is worth nothing here: what it shows is old.
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) window.location.reload();
  });
  const root = document.getElementById('root');
  if (root === null) throw new Error('index.html has no #root');
  createRoot(root).render(
    <StrictMode>
      <ServicesProvider value={services}>
        <CrashBoundary fallback={<Crashed />}>
          <App />
        </CrashBoundary>
      </ServicesProvider>
    </StrictMode>,
  );
}

void start();
