import { useEffect, useState } from 'react';
import type { Result } from '../api/failure.ts';
import { useServices } from './services.ts';

/** What the gateway answers to GET `path`, asked once for each showing; null while it is read. */
export function useAnswer<T>(path: string): Result<T> | null {
  const { api } = useServices();
  const [answer, setAnswer] = useState<{ readonly path: string; readonly result: Result<T> } | null>(null);
  useEffect(() => {
    const ended = new AbortController();
    void api.get<T>(path, ended.signal).then((result) => {
      if (!ended.signal.aborted) setAnswer({ path, result });
    });
    return () => ended.abort();
  }, [api, path]);
  // Never what was asked of another path.
  return answer?.path === path ? answer.result : null;
}
