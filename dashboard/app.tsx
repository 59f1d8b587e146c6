import { useEffect, useSyncExternalStore } from 'react';
import { Console } from './console/console.tsx';
import { useServices } from './console/services.ts';
import { LogInScreen } from './session/log-in-screen.tsx';

/** Nobody logged in: the log-in screen. Else the console, which stays when the session ends under it. */
export function App() {
  const { session, feed, register, drafts } = useServices();
  const { session: current, isEnded } = useSyncExternalStore(session.subscribe, session.state);
  const userId = current?.user.id ?? null;
  const csrf = current?.csrf ?? null;
  useEffect(() => {
    if (userId === null || csrf === null) {
      feed.stop();
      register.clear();
      drafts.clear();
    } else feed.start(userId, csrf);
  }, [feed, register, drafts, userId, csrf]);
  // A page that shows nothing any more must not go on saying that somebody watches it.
  useEffect(() => () => feed.stop(), [feed]);
  if (current === null) return <LogInScreen />;
  return <Console key={current.user.id} user={current.user} expiresAt={current.expiresAt} isEnded={isEnded} />;
}
