import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isDeviceAlarmType } from '../../../devices/alarm-types.ts';
import type { DeviceModel, SmsPattern } from '../../../devices/catalog/model.ts';
import { DEVICE_MODELS } from '../../../devices/catalog/models.ts';
import { says, SMS_FIRE, SMS_FIRE_OVER, SMS_MAINS, SMS_SENSORS } from '../../../devices/catalog/sms-words.ts';

const models = DEVICE_MODELS.all.filter(({ sms }) => sms !== undefined);
const patterns = new Map(models.flatMap(({ sms = [] }) => sms.map((one) => [one.pattern.source, one])));

function findFirst(sms: readonly SmsPattern[], text: string): SmsPattern | undefined {
  return sms.find(({ pattern }) => pattern.test(text));
}

test('models that send SMS have patterns, and no others but phones with a SIM', () => {
  expect(models.map(({ protocol }) => protocol)).toContain('sms');
  for (const { id, protocol, sms } of DEVICE_MODELS.all) {
    if (protocol === 'sms') expect(sms?.length, id).toBeGreaterThan(0);
    if (sms !== undefined) expect(['sms', 'caller-id'], id).toContain(protocol);
  }
});

describe.each(models)('$id', ({ sms = [], keys, raises }: DeviceModel) => {
  test('its texts raise only what its table says, or what nobody can know', () => {
    const own = [...keys.map((key) => key.raises), ...raises, 'unknown'];
    for (const pattern of sms) {
      if (pattern.raises === null) expect(pattern.kind).toBeUndefined();
      else {
        expect(own).toContain(pattern.raises);
        expect(isDeviceAlarmType(pattern.raises)).toBe(true);
      }
    }
  });

  test('a cry for help is found before everything else that stands in the same text', () => {
    for (const text of ['SOS 低电量', '紧急求救 电量5% 外电断开', 'SOS low battery', 'Test report. SOS']) {
      expect(findFirst(sms, text), text).toMatchObject({ raises: 'sos' });
    }
  });
});

describe('a pattern', () => {
  test('has the flags iu, and groups that we have a field for', () => {
    for (const { pattern } of patterns.values()) {
      expect(pattern.flags).toBe('iu');
      const names = [...pattern.source.matchAll(/\(\?<([a-z]+)>/giu)].map(([, name]) => name);
      for (const name of names) expect(['zone', 'battery', 'lat', 'lon']).toContain(name);
    }
  });

  test('begins at the begin of the text and repeats nothing that repeats, so that no text can make it slow', () => {
    for (const { pattern } of patterns.values()) {
      expect(pattern.source.startsWith('^')).toBe(true);
      expect(repeatsARepetition(pattern.source), pattern.source).toBe(false);
    }
    for (const bad of ['(a+)+', '(?:a*b)*', '(a|b+){2,}', '(?:x(?:a+)y)*'])
      expect(repeatsARepetition(bad), bad).toBe(true);
  });

  test('answers any 1000 characters', () => {
    const crumbs = ['sos', '0', '9', '.', ',', '防区', 'zone', '电量', 'bat', '%', ' ', '\n', '-', '燃气', '报警', 'a'];
    const text = fc.array(fc.constantFrom(...crumbs), { minLength: 1, maxLength: 12 }).map((some) => {
      return some.join('').repeat(1000).slice(0, 1000);
    });
    fc.assert(
      fc.property(text, (long) => {
        for (const { pattern } of patterns.values()) pattern.test(long);
      }),
      { numRuns: 200 },
    );
  });
});

test.each([
  ['烟雾报警，外电恢复', 'smoke', undefined],
  ['烟雾报警已解除', 'smoke', 'restored'],
  ['gas alarm cleared', 'gas', 'restored'],
  ['Gas alarm', 'gas', undefined],
  ['Zone 3 door open', 'door-open', undefined],
])('%s', (text, raises, kind) => {
  expect(findFirst([...SMS_FIRE, ...SMS_SENSORS, ...SMS_FIRE_OVER, ...SMS_MAINS], text)).toEqual({
    pattern: expect.any(RegExp) as RegExp,
    raises,
    ...(kind === undefined ? {} : { kind }),
  });
});

test('details are found wherever they stand', () => {
  const { groups } = says(/sos/u).exec('电量:7% 在 -31.2304, 121.47370 03号防区 SOS') ?? {};
  expect(groups).toMatchObject({ zone: '03', battery: '7', lat: '-31.2304', lon: '121.47370' });
  expect(says(/sos/u).exec('SOS 2026 at 131.2,8')?.groups).toMatchObject({ zone: undefined, lat: undefined });
});

/** A group with an unbounded or wide quantifier inside that is itself repeated without a small bound. */
function repeatsARepetition(source: string): boolean {
  const open: boolean[] = [];
  let inClass = false;
  for (let at = 0; at < source.length; at += 1) {
    const char = source[at];
    if (char === '\\') at += 1;
    else if (inClass) inClass = char !== ']';
    else if (char === '[') inClass = true;
    else if (char === '(') open.push(false);
    else if (char === ')') {
      const held = open.pop() ?? false;
      const isRepeated = /^(?:[*+]|\{\d+,\d*\}|\{\d+\})/u.test(source.slice(at + 1));
      if (held && isRepeated) return true;
      if (open.length > 0) open[open.length - 1] ||= held || isRepeated;
    } else if (char === '*' || char === '+' || (char === '{' && /^\{\d+,\d*\}/u.test(source.slice(at)))) {
      if (open.length > 0) open[open.length - 1] = true;
    }
  }
  return false;
}
