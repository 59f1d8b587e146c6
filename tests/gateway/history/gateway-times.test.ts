import { expect, test } from 'vitest';
import { calcAnswer } from '../../../gateway/history/case-answer.ts';
import { calcGatewayTimes } from '../../../gateway/history/gateway-times.ts';
import { MinuteSum } from '../../../gateway/history/minutes.ts';

const at = (time: string): number => Date.parse(`2026-11-21T02:${time}.000Z`);
const minute = (time: string, changes = {}) => ({
  ...{ gatewayId: 'g1', minuteMs: at(time), upS: 60, degraded: false, latenessMs: 0, faults: [] },
  ...changes,
});

test('minutes that nobody answers for stand as spans, for each gateway', () => {
  const span = { fromMs: at('00:30'), toMs: at('06:00') };
  const minutes = [minute('00:00'), minute('03:00'), minute('05:00', { upS: 20 })];
  const { down } = calcGatewayTimes(span, ['g1', 'g2'], minutes);
  expect(down).toEqual([
    { gatewayId: 'g1', from: '2026-11-21T02:01:00.000Z', until: '2026-11-21T02:03:00.000Z' },
    { gatewayId: 'g1', from: '2026-11-21T02:04:00.000Z', until: '2026-11-21T02:06:00.000Z' },
    { gatewayId: 'g2', from: '2026-11-21T02:00:00.000Z', until: '2026-11-21T02:06:00.000Z' },
  ]);
});

test('a gateway that was started anew in a minute answers for both parts of it', () => {
  const minutes = [minute('00:00', { upS: 30 }), minute('00:00', { upS: 28 })];
  expect(calcGatewayTimes({ fromMs: at('00:00'), toMs: at('01:00') }, ['g1'], minutes).down).toEqual([]);
});

test('degraded minutes tell what was not well, and how late deadlines were', () => {
  const sum = new MinuteSum(at('00:00'));
  sum.add({ faults: [], latenessMs: 3.4 });
  sum.add({ faults: ['redis', 'postgres'], latenessMs: 900 });
  sum.add({ faults: ['redis'], latenessMs: 5 });
  const read = sum.read('g1');
  expect(read).toEqual({
    ...{ gatewayId: 'g1', minute: at('00:00'), upS: 3, degraded: true, latenessMs: 900 },
    faults: ['postgres', 'redis'],
  });
  const minutes = [minute('00:00', { degraded: true, latenessMs: 900, faults: read.faults })];
  expect(calcGatewayTimes({ fromMs: at('00:00'), toMs: at('01:00') }, ['g1'], minutes).degraded).toEqual([
    { gatewayId: 'g1', minute: '2026-11-21T02:00:00.000Z', faults: ['postgres', 'redis'], latenessMs: 900 },
  ]);
});

test('the answer time runs from the receipt to the first attempt to reach the person, not to the claim', () => {
  const step = (type: string, time: string) => ({
    seq: 1,
    at: new Date(at(time)).toISOString(),
    type,
    actor: 'x',
    data: {},
  });
  const steps = [step('received', '00:01'), step('claimed', '00:04'), step('call', '00:09'), step('voice', '00:15')];
  expect(calcAnswer(steps)).toMatchObject({ claimMs: 3000, answerMs: 8000, by: 'call' });
  expect(calcAnswer(steps.slice(0, 2))).toMatchObject({ claimMs: 3000, answerMs: null, by: null, answeredAt: null });
  expect(calcAnswer([])).toMatchObject({ receivedAt: null, claimMs: null, answerMs: null });
});
