import type { DeviceAlarmType } from '../alarm-types.ts';
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

/** Behind the name of a sensor or an alarm: it is over. */
const ENDS = String.raw`(?:泄漏)?(?:报警)?已?(?:解除|恢复)|(?: leak)?(?: alarm)? (?:restored|cleared)`;
const IS_OVER = `(?:${ENDS})`;
/** A door also closes; of gas it is the valve that does, while it leaks. */
const IS_CLOSED = `(?:${ENDS}|已?关闭| closed)`;
/** Behind the name of a sensor: it tells of its own state. */
const IS_ITSELF = String.raw`(?:(?:探测器|传感器|报警器)?(?:电池|电量|低电|故障|失联|离线|被拆|防拆)|(?: sensor| detector)? (?:low batt|batt|fault|tamper|offline))`;

/** What these words begin, and what they end. */
const begins = (words: RegExp, raises: DeviceAlarmType, over = IS_OVER): SmsPattern => ({
  pattern: says(new RegExp(`(?:${words.source})(?!${over}|${IS_ITSELF})`, 'u')),
  raises,
});
const ends = (words: RegExp, raises: DeviceAlarmType, over = IS_OVER): SmsPattern => ({
  ...{ pattern: says(new RegExp(`(?:${words.source})${over}`, 'u')), raises, kind: 'restored' },
});

const SMOKE = /烟雾|烟感|火警|\bsmoke\b|\bfire\b/u;
const CO = /一氧化碳|\bco (?:alarm|leak)\b|carbon monoxide/u;
const GAS = /[燃煤]气|天然气|液化气|瓦斯|\bgas\b/u;
const WATER = /水浸|漏水|\bwater\b|\bflood\b/u;
const DOOR = /门磁|门窗|\bdoor\b/u;
const BATTERY = /低电|电量过?低|电池电?量?低|电量不足|\blow battery\b|\bbattery low\b/u;
const FAULT = /(?<!无|没有)(?:故障|异常)|失败|失联|离线|(?<!\bno )\b(?:fault|trouble|fail(?:ed|ure)?|error|offline)\b/u;

/*
 * How texts of alarms are worded, in Chinese and English: our own list of what such devices say, none copied from a product. In
 * the lists of models what rings stands before what is over or only told, so that "SOS, low battery" and "gas restored, smoke"
 * ring; an end is taken for one only where its words follow those of the alarm at once: "smoke, mains restored" is smoke.
 */
export const SMS_SOS: readonly SmsPattern[] = [
  { pattern: says(/sos|求救|求助|救命|紧急呼叫|紧急报警|\bhelp\b|\bemergency\b/u), raises: 'sos' },
];
/** Before the cry for help: whoever is under duress must not be called back aloud. */
export const SMS_DURESS: readonly SmsPattern[] = [{ pattern: says(/挟持|胁迫|劫持|\bduress\b/u), raises: 'duress' }];
export const SMS_FALL: readonly SmsPattern[] = [{ pattern: says(/跌倒|摔倒|\bfall\b|\bfallen\b/u), raises: 'fall' }];
export const SMS_WANDERING: readonly SmsPattern[] = [
  { pattern: says(/围栏|走失|geo-?fence|left the area/u), raises: 'wandering' },
];
export const SMS_FIRE: readonly SmsPattern[] = [begins(SMOKE, 'smoke'), begins(CO, 'co'), begins(GAS, 'gas')];
export const SMS_FIRE_OVER: readonly SmsPattern[] = [ends(SMOKE, 'smoke'), ends(CO, 'co'), ends(GAS, 'gas')];
export const SMS_SENSORS: readonly SmsPattern[] = [
  begins(WATER, 'water'),
  begins(DOOR, 'door-open', IS_CLOSED),
  {
    pattern: says(/盗警|盗窃|入侵|闯入|红外报警|\bburglar|\bintru(?:sion|der)|\b(?:pir|motion) alarm\b/u),
    raises: 'intrusion',
  },
];
export const SMS_SENSORS_OVER: readonly SmsPattern[] = [ends(WATER, 'water'), ends(DOOR, 'door-open', IS_CLOSED)];
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
export const SMS_BATTERY: readonly SmsPattern[] = [begins(BATTERY, 'low-battery'), ends(BATTERY, 'low-battery')];
/** Before the signs of life: a report of something broken is none. */
export const SMS_FAULT: readonly SmsPattern[] = [begins(FAULT, 'device-fault'), ends(FAULT, 'device-fault')];
/** Signs of life. */
export const SMS_REPORT: readonly SmsPattern[] = [
  { pattern: says(/定期测试|自检|系统正常|状态报告|\btest report\b|\bstatus report\b|\bsystem ok\b/u), raises: null },
];
/** Somebody comes home or leaves, and the text says nothing beside it. */
export const SMS_ARMING: readonly SmsPattern[] = [
  {
    pattern:
      /^(?:系统|主机|用户|遥控|电话|短信|远程|在家|留守|外出|自动|定时|已|system|panel|user|remote|away|stay|[\d\s:,.，。])*(?:[布撤]防|\b(?:dis)?armed)(?:成功|by|user|remote|away|stay|[\d\s:,.，。!！])*$/iu,
    raises: null,
  },
];
