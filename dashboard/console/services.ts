import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Api } from '../api/client.ts';
import type { Ticker } from '../clock/ticker.ts';
import type { DraftStore } from '../dialog/drafts.ts';
import type { FeedStore } from '../feed/feed-store.ts';
import type { RegisterCache } from '../register/cache.ts';
import type { SessionStore } from '../session/session-store.ts';
import type { AlarmPlayer } from '../sound/player.ts';

/** What the screens stand on, made once in `main.tsx`. */
export type Services = {
  readonly api: Api;
  readonly session: SessionStore;
  readonly feed: FeedStore;
  readonly register: RegisterCache;
  readonly ticker: Ticker;
  readonly player: AlarmPlayer;
  readonly drafts: DraftStore;
};

const ServicesContext = createContext<Services | null>(null);

export const ServicesProvider = ServicesContext.Provider;

export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (services === null) throw new Error('a screen was rendered outside ServicesProvider');
  return services;
}

/** Gateway's time, epoch milliseconds cut to the second; renders once a second. */
export function useNow(): number {
  const { ticker } = useServices();
  return useSyncExternalStore(ticker.subscribe, ticker.shownMs);
}

/** The register's cache; renders when anything in it changes. */
export function useRegister(): RegisterCache {
  const { register } = useServices();
  useSyncExternalStore(register.subscribe, register.revision);
  return register;
}
