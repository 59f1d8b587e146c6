type Cleanup = () => Promise<void> | void;

const ofTest: Cleanup[] = [];
const ofFile: Cleanup[] = [];
let isInTest = false;

/** Runs `work` after the test that is running, or after the file when none is (in `beforeAll`); last first. */
export function afterwards(work: Cleanup): void {
  (isInTest ? ofTest : ofFile).push(work);
}

export function testBegins(): void {
  isInTest = true;
}

export async function testEnds(): Promise<void> {
  isInTest = false;
  await runAll(ofTest);
}

export function fileEnds(): Promise<void> {
  return runAll(ofFile);
}

/** One that fails does not keep the others from running. */
async function runAll(list: Cleanup[]): Promise<void> {
  const failures: unknown[] = [];
  for (let work = list.pop(); work !== undefined; work = list.pop()) {
    try {
      await work();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, 'What a test began could not be ended');
}
