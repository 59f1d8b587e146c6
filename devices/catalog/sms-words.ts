import type { SmsPattern } from './model.ts';

/** Tells what stands anywhere in a text, if it stands there: `zone`, `battery` in percent, `lat` and `lon` in degrees. */
const DETAILS = [
  String.raw`(?<zone>\d{1,3})(?:(?=\s?号?防区)|(?<=(?:zone|防区)\s?\d{1,3}))`,
  String.raw`(?:电量|电池|bat(?:tery)?)[^\d\n]{0,8}(?<battery>\d{1,3})\s?%`,
  String.raw`(?<![\d.])(?<lat>-?\d{1,2}\.\d{3,8})[,， ]{1,2}(?:lon:|E)?(?<lon>-?\d{1,3}\.\d{3,8})`,
]
  .map((detail) => String.raw`(?=(?:[\s\S]{0,300}?${detail})?)`)
  .join('');

/** A text in which these words stand anywhere. Anchored at its begin, so that trying it takes time in proportion to its length. */
export function says(words: RegExp): RegExp {
  return new RegExp(String.raw`^${DETAILS}[\s\S]*?(?:${words.source})`, 'iu');
}

/*
 * How texts of alarms are worded, in Chinese and English: our own list of what such devices say, none copied from a product. An
 * alarm stands before what is only told, so that "SOS, low battery" rings; a restore is taken for one only where its words follow
 * those of the alarm at once: "smoke, mains restored" is smoke.
 */
export const SMS_SOS: readonly SmsPattern[] = [
  { pattern: says(/sos|求救|求助|救命|紧急呼叫|紧急报警|\bhelp\b|\bemergency\b/u), raises: 'sos' },
];
export const SMS_FALL: readonly SmsPattern[] = [{ pattern: says(/跌倒|摔倒|\bfall\b|\bfallen\b/u), raises: 'fall' }];
export const SMS_WANDERING: readonly SmsPattern[] = [
  { pattern: says(/围栏|走失|geo-?fence|left the area/u), raises: 'wandering' },
];
export const SMS_FIRE: readonly SmsPattern[] = [
  {
    pattern: says(/烟[雾感]?(?:报警)?已?(?:解除|恢复)|smoke (?:alarm )?(?:restored|cleared)/u),
    raises: 'smoke',
    kind: 'restored',
  },
  {
    pattern: says(/[燃煤]气(?:泄漏)?(?:报警)?已?(?:解除|恢复)|gas (?:alarm )?(?:restored|cleared)/u),
    raises: 'gas',
    kind: 'restored',
  },
  { pattern: says(/烟雾|烟感|火警|\bsmoke\b|\bfire\b/u), raises: 'smoke' },
  { pattern: says(/一氧化碳|\bco alarm\b|carbon monoxide/u), raises: 'co' },
  { pattern: says(/[燃煤]气|天然气|\bgas\b/u), raises: 'gas' },
];
export const SMS_SENSORS: readonly SmsPattern[] = [
  { pattern: says(/水浸|漏水|\bwater\b|\bflood\b/u), raises: 'water' },
  { pattern: says(/门磁|门窗|\bdoor\b/u), raises: 'door-open' },
];
/** A zone that was given no kind: nobody can know what it watches. */
export const SMS_ZONES: readonly SmsPattern[] = [
  { pattern: says(/防区[\s\S]{0,20}报警|\bzone\b[\s\S]{0,20}\balarm\b/u), raises: 'unknown' },
];
export const SMS_TAMPER: readonly SmsPattern[] = [{ pattern: says(/防拆|被拆|\btamper/u), raises: 'tamper' }];
export const SMS_MAINS: readonly SmsPattern[] = [
  {
    pattern: says(
      /(?:外电|市电|交流电?|电源)已?(?:断开|断电|掉电|丢失)|停电|\b(?:ac|mains)(?: power)? (?:off|lost|failure|failed)\b/u,
    ),
    raises: 'mains-lost',
  },
  {
    pattern: says(/(?:外电|市电|交流电?|电源)已?(?:恢复|接通)|\b(?:ac|mains)(?: power)? (?:on|restored)\b/u),
    raises: 'mains-lost',
    kind: 'restored',
  },
];
export const SMS_BATTERY: readonly SmsPattern[] = [
  { pattern: says(/低电|电量过?低|电池电?量?低|电量不足|\blow battery\b|\bbattery low\b/u), raises: 'low-battery' },
];
/** Signs of life. */
export const SMS_REPORT: readonly SmsPattern[] = [
  { pattern: says(/定期测试|自检|系统正常|状态报告|\btest report\b|\bstatus report\b|\bsystem ok\b/u), raises: null },
];
