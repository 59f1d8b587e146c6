import { expect, test } from 'vitest';
import { zoneWords } from '../../../dashboard/incident/zone.ts';
import { sayIn } from '../say-in.ts';

test.each([
  ['system', 'disk-low', '磁盘空间不足', 'little disk space left'],
  ['system', 'part-down:redis', '工单存储（Redis）故障', 'not working: case store (Redis)'],
  ['system', 'part-down:gsm-1', 'gsm-1故障', 'not working: gsm-1'],
  ['system', 'loop-stuck:engine', '超时升级停住了', 'standing still: deadlines'],
  ['no-coverage', 'nobody-on-duty', '没有坐席值班', 'nobody is on duty'],
  ['no-coverage', 'nobody-on-duty:yuyao/lize', 'yuyao/lize 没有坐席值班', 'nobody is on duty for yuyao/lize'],
  ['quarantined', 'unverified', '身份未验证', 'sender not verified'],
  ['sensor-loose', 'heart-rate', '心率', 'Heart rate'],
])('of %s the code %s is told in words', (about, zone, zh, en) => {
  expect(zoneWords(zone, about, sayIn('zh'))).toBe(zh);
  expect(zoneWords(zone, about, sayIn('en'))).toBe(en);
});

test('a code that this page does not know stands for itself', () => {
  for (const code of ['brand-new', 'brand-new:redis']) expect(zoneWords(code, 'system', sayIn('en'))).toBe(code);
  expect(zoneWords('revoked', 'quarantined', sayIn('en'))).toBe('revoked');
});

test('a place that a device names is told as a place, whatever it is called', () => {
  for (const about of ['smoke', null]) expect(zoneWords('disk-low', about, sayIn('en'))).toBe('zone disk-low');
  expect(zoneWords('03', 'smoke', sayIn('zh'))).toBe('防区 03');
});
