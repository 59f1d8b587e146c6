import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Session } from '../../gateway/api/contract/session.ts';
import { FailureNote } from '../api/failure-note.tsx';
import { useCommand } from '../api/use-command.ts';
import { useServices } from '../console/services.ts';

/** Asks for name and password. `username` is given where somebody's session has ended and the same person goes on. */
export function LogInForm({ username: known = '' }: { readonly username?: string }) {
  const { t } = useTranslation();
  const { api, session, player } = useServices();
  const [username, setUsername] = useState(known);
  const [password, setPassword] = useState('');
  const logIn = useCommand();

  function submit(): void {
    // A gesture: from here on the browser may let sound out.
    void player.unlock();
    void logIn.run(
      { username, password },
      () => api.send<Session>('POST', '/session', { username, password }),
      (begun) => session.begin(begun),
    );
  }

  const isWrong = logIn.failure?.code === 'unauthenticated' || logIn.failure?.code === 'bad-request';
  return (
    <form
      className="log-in"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <label>
        {t('shell.login.username')}
        <input
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          autoFocus={known === ''}
          value={username}
          onChange={(event) => setUsername(event.target.value)}
        />
      </label>
      <label>
        {t('shell.login.password')}
        <input
          name="password"
          type="password"
          autoComplete="current-password"
          required
          {...(known === '' ? {} : { 'data-first': true })}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </label>
      <button type="submit" className="primary" aria-disabled={logIn.isSending}>
        {t('shell.login.submit')}
      </button>
      {isWrong ? (
        <p role="alert" className="failure">
          {t('shell.login.wrong')}
        </p>
      ) : (
        <FailureNote failure={logIn.failure} />
      )}
    </form>
  );
}
