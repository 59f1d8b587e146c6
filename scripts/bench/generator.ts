import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Answer, Answers, Ask, Question } from './generator/messages.ts';

/** The bench's end of a generator. Several questions at once are answered as each is done. */
export type Generator = {
  readonly ask: <A extends Ask>(ask: A) => Promise<Answers[A['task']]>;
  readonly stop: () => Promise<void>;
};

export function startGenerator(): Generator {
  const child: ChildProcess = fork(new URL('./generator/main.ts', import.meta.url), { serialization: 'advanced' });
  const exited = once(child, 'exit');
  const waiting = new Map<number, (answer: Answer) => void>();
  let questions = 0;
  child.on('message', (answer: Answer) => {
    waiting.get(answer.number)?.(answer);
    waiting.delete(answer.number);
  });

  return {
    ask: async <A extends Ask>(ask: A) => {
      questions += 1;
      const number = questions;
      const answered = Promise.withResolvers<Answer>();
      waiting.set(number, answered.resolve);
      // A channel that is closed is told by the exit.
      child.send({ number, ask } satisfies Question, () => undefined);
      const answer = await Promise.race([
        answered.promise,
        exited.then(() => Promise.reject(new Error('a generator died'))),
      ]);
      if (!answer.ok) throw new Error(`generator, ${ask.task}: ${answer.why}`);
      // The generator answers each task with what `Answers` says.
      return answer.value as Answers[A['task']];
    },
    stop: async () => {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}

/** Lets them all close their clients. */
export async function closeAll(...generators: readonly Generator[]): Promise<void> {
  await Promise.all(generators.map(({ ask }) => ask({ task: 'close' })));
}
