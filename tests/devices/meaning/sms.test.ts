import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEVICE_MODELS } from '../../../devices/catalog/models.ts';
import type { Caller } from '../../../devices/event.ts';
import { meaningOfSms, type Sms } from '../../../devices/meaning/sms.ts';

const ofAll = DEVICE_MODELS.all.flatMap(({ sms }) => sms ?? []);
const ofWatch = DEVICE_MODELS.find('watch-sms')?.sms ?? [];
const blank: Sms = { id: 'x', at: 1, text: '', isFromService: false, isAwaited: false, faults: [] };

function meaning(text: string, whose: Caller['whose'], more: Partial<Sms> = {}, ofModel = ofWatch) {
  const meant = meaningOfSms({ ...blank, text, ...more }, whose, { ofModel, ofAll });
  return meant === 'heartbeat' ? meant : `${meant.kind} ${meant.type}`;
}

describe('An SMS from a device', () => {
  test('is what its model says with these words', () => {
    expect(meaning('SOS 紧急求救 电量80%', 'device')).toBe('alarm sos');
  });

  test('that its model does not say rings all the same', () => {
    expect(meaning('#1,E07,??', 'device')).toBe('alarm unknown');
    expect(meaning('', 'device')).toBe('alarm unknown');
  });

  test('whose model has no words is read by everybody’s', () => {
    expect(meaning('SOS', 'device', {}, [])).toBe('alarm sos');
    expect(meaning('系统正常', 'device', {}, [])).toBe('alarm unknown');
  });
});

describe('An SMS of an alarm box', () => {
  const ofBox = DEVICE_MODELS.find('gsm-alarm-box')?.sms ?? [];
  const ofGuard = DEVICE_MODELS.find('gsm-gas-guard')?.sms ?? [];

  test.each([
    ['燃气报警已解除，烟雾报警', 'alarm smoke'],
    ['烟雾报警解除 04防区燃气报警', 'alarm gas'],
    ['Zone 1 gas restored. Zone 2 smoke alarm', 'alarm smoke'],
    ['SOS 燃气报警解除', 'alarm sos'],
    ['水浸解除 SOS', 'alarm sos'],
    ['燃气泄漏已关闭阀门', 'alarm gas'],
    ['烟雾报警恢复', 'restored smoke'],
  ])('%s: the end of one alarm does not silence another', (text, expected) => {
    expect(meaning(text, 'device', {}, ofBox)).toBe(expected);
    if (!text.startsWith('水浸')) expect(meaning(text, 'device', {}, ofGuard)).toBe(expected);
  });

  test.each([
    ['自检失败', 'alarm device-fault'],
    ['Test report: fault zone 4', 'alarm device-fault'],
    ['自检正常 无故障', 'heartbeat'],
    ['Test report: no fault', 'heartbeat'],
  ])('%s: a report of something broken is no sign of health', (text, expected) => {
    expect(meaning(text, 'device', {}, ofBox)).toBe(expected);
  });

  test.each([
    ['门磁关闭', 'restored door-open'],
    ['Zone 3 door closed', 'restored door-open'],
    ['水浸报警解除', 'restored water'],
    ['烟感低电', 'alarm low-battery'],
    ['Zone 3 smoke detector low battery', 'alarm low-battery'],
    ['烟雾探测器故障', 'alarm device-fault'],
    ['门磁被拆', 'alarm tamper'],
    ['低电恢复', 'restored low-battery'],
    ['主机已布防', 'heartbeat'],
    ['用户1 撤防成功', 'heartbeat'],
    ['System disarmed by user 1', 'heartbeat'],
  ])('%s wakes nobody', (text, expected) => {
    expect(meaning(text, 'device', {}, ofBox)).toBe(expected);
  });

  test.each([
    ['03防区触发 布防状态', 'alarm unknown'],
    ['烟雾报警 电池电量低', 'alarm smoke'],
    ['烟雾报警器报警', 'alarm smoke'],
    ['挟持报警', 'alarm duress'],
    ['SOS duress', 'alarm duress'],
    ['02防区入侵报警', 'alarm intrusion'],
  ])('%s rings', (text, expected) => {
    expect(meaning(text, 'device', {}, ofBox)).toBe(expected);
  });
});

test('A place in a text has no datum: maps of China are off by 500 m, and no text says whose map it is', () => {
  const text = 'SOS https://maps.example/?q=31.23040,121.47370';
  const meant = meaningOfSms({ ...blank, text }, 'device', { ofModel: ofWatch, ofAll });
  expect(meant).toMatchObject({ type: 'sos', location: { lat: 31.2304, lon: 121.4737 } });
  expect(meant === 'heartbeat' ? null : meant.location).not.toHaveProperty('datum');
});

describe('An SMS from a number that nobody registered', () => {
  test('rings as what it says', () => {
    expect(meaning('救命', 'unknown')).toBe('alarm sos');
    expect(meaning('烟雾报警 电池电量低', 'unknown')).toBe('alarm smoke');
  });

  test('that says nothing known is a service request, and so are a service number’s words whatever they are', () => {
    expect(meaning('您好，请回电话', 'unknown')).toBe('alarm service');
    expect(meaning('您的燃气账单已出', 'unknown', { isFromService: true })).toBe('alarm service');
    expect(meaning('您的燃气账单已出', 'withheld', { isFromService: true })).toBe('alarm service');
  });

  test('that cannot be read rings', () => {
    expect(meaning('', 'unknown')).toBe('alarm unknown');
    expect(meaning('', 'withheld', { isFromService: true })).toBe('alarm unknown');
  });
});

describe('An SMS from a person whom we know', () => {
  test('is an answer where one was told, unless it reads like an alarm', () => {
    expect(meaning('知道了', 'contact', { isAwaited: true })).toBe('answer unknown');
    expect(meaning('她晕倒了，救命', 'contact', { isAwaited: true })).toBe('alarm sos');
  });

  test('is not about a device, whatever its words: what would be a technical case of a device is a person in need', () => {
    expect(meaning('家里停电了，制氧机停了', 'resident')).toBe('alarm unknown');
    expect(meaning('我手机电量低，请去看看我妈', 'contact')).toBe('alarm unknown');
    expect(meaning('停电了，王奶奶一个人', 'unknown')).toBe('alarm service');
    expect(meaning('外电断开', 'device', {}, [])).toBe('alarm mains-lost');
  });

  test('rings where nobody was told', () => {
    expect(meaning('请去看看我妈', 'contact')).toBe('alarm unknown');
    expect(meaning('我不舒服', 'resident', { isAwaited: true })).toBe('alarm unknown');
  });
});

test('An SMS always means something, and its text is kept up to a bound', () => {
  const whose = fc.constantFrom<Caller['whose']>('device', 'resident', 'contact', 'unknown', 'withheld');
  fc.assert(
    fc.property(
      fc.string({ maxLength: 1500, unit: 'grapheme' }),
      whose,
      fc.boolean(),
      fc.boolean(),
      (text, of, a, b) => {
        const meant = meaningOfSms({ ...blank, text, isAwaited: a, isFromService: b }, of, { ofModel: ofWatch, ofAll });
        if (meant !== 'heartbeat') expect((meant.text ?? '').length).toBeLessThanOrEqual(1000);
      },
    ),
  );
});
