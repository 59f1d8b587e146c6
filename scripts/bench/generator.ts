import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Answer, Ask, Measured } from './generator/messages.ts';

/** The bench's end of the generator. One question at a time. */
export type Generator = {
  readonly ask: (ask: Ask) => Promise<Measured>;
  readonly tell: (ask: Ask) => Promise<void>;
  readonly stop: () => Promise<void>;
};

export function startGenerator(): Generator {
  const child: ChildProcess = fork(new URL('./generator/main.ts', import.meta.url), { serialization: 'advanced' });
  const exited = once(child, 'exit');

  async function say(ask: Ask): Promise<Measured | null> {
    const answered = once(child, 'message') as Promise<[Answer]>;
    child.send(ask);
    const [answer] = await Promise.race([answered, exited.then(() => Promise.reject(new Error('the generator died')))]);
    if (!answer.ok) throw new Error(`generator, ${ask.task}: ${answer.why}`);
    return answer.measured;
  }

  return {
    ask: async (ask) => {
      const measured = await say(ask);
      if (measured === null) throw new Error(`${ask.task} measures nothing`);
      return measured;
    },
    tell: async (ask) => {
      await say(ask);
    },
    stop: async () => {
      child.disconnect();
      await exited;
    },
  };
}
