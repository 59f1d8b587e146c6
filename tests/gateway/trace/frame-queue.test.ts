import { expect, test } from 'vitest';
import { FrameQueue } from '../../../gateway/trace/frame-queue.ts';
import { frameOf } from './frames.ts';

function openQueue(write: (lines: Buffer) => Promise<void>) {
  const told: number[] = [];
  const queue = new FrameQueue({ write, onLost: (frames) => told.push(frames), nowMs: () => 1 });
  return { queue, told };
}

const lineCount = (bytes: Buffer): number => bytes.toString().split('\n').length - 1;

test('frames are written together, in their order, and none twice', async () => {
  const written: string[] = [];
  const { queue } = openQueue(async (lines) => void written.push(lines.toString()));
  for (let i = 0; i < 50; i += 1) queue.frame(frameOf('d1', `frame ${i}`));
  await queue.flush();
  await queue.flush();
  expect(written).toHaveLength(1);
  const order = written
    .join('')
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { r: string }).r);
  expect(order.map((raw) => Buffer.from(raw, 'base64').toString())).toEqual(
    Array.from({ length: 50 }, (_, i) => `frame ${i}`),
  );
});

test('a disk that never answers costs bounded memory: what has no room is counted, and nobody waits', async () => {
  let begun = 0;
  const { queue, told } = openQueue((lines) => {
    begun += lineCount(lines);
    return new Promise(() => undefined);
  });
  const long = 'x'.repeat(10_000);
  for (let i = 0; i < 1000; i += 1) {
    queue.frame(frameOf('d1', long));
    if (i === 0) void queue.flush();
  }
  expect(begun).toBe(1);
  expect(queue.lost).toBeGreaterThan(600);
  expect(queue.lost).toBeLessThan(800);
  expect(told.reduce((sum, frames) => sum + frames, 0)).toBe(queue.lost);
});

test('what the disk refuses is lost and counted; what comes afterwards is kept', async () => {
  let isFull = true;
  const written: Buffer[] = [];
  const { queue } = openQueue(async (lines) => {
    if (isFull) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
    written.push(lines);
  });
  queue.frame(frameOf('d1', 'lost'));
  queue.frame(frameOf('d1', 'lost too'));
  await queue.flush();
  expect(queue.lost).toBe(2);
  isFull = false;
  queue.frame(frameOf('d1', 'kept'));
  await queue.flush();
  expect(queue.lost).toBe(2);
  expect(written.map(lineCount)).toEqual([1]);
});

test('whoever waits for a flush finds all that was taken before it, also while another flush is under way', async () => {
  const written: Buffer[] = [];
  const gates: (() => void)[] = [];
  const { queue } = openQueue(async (lines) => {
    await new Promise<void>((resolve) => gates.push(resolve));
    written.push(lines);
  });
  queue.frame(frameOf('d1', 'first'));
  const first = queue.flush();
  queue.frame(frameOf('d1', 'second'));
  const second = queue.flush();
  gates.shift()?.();
  while (gates.length === 0) await Promise.resolve();
  gates.shift()?.();
  await Promise.all([first, second]);
  expect(written).toHaveLength(2);
});

test('a frame that comes while an empty flush ends is written by the next', async () => {
  const written: Buffer[] = [];
  const { queue } = openQueue(async (lines) => void written.push(lines));
  const empty = queue.flush();
  queue.frame(frameOf('d1', 'at that moment'));
  await Promise.all([empty, queue.flush()]);
  expect(written).toHaveLength(1);
});

test('a flush ends also where frames never cease: it waits for what was taken before it', async () => {
  const { queue } = openQueue(async () => {
    // Each write finds another frame behind it, as under a flood.
    if (written < 1000) queue.frame(frameOf('d1', 'flood'));
    written += 1;
  });
  let written = 0;
  queue.frame(frameOf('d1', 'first'));
  await queue.flush();
  expect(written).toBe(1);
  await queue.flush();
});
