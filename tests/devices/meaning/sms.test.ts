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
