import { DEVICE_MODELS } from '../../devices/catalog/models.ts';
import { meaningOfSms } from '../../devices/meaning/sms.ts';
import { decodeLine } from '../../protocols/at-commands/decode-line.ts';
import { AtFramer } from '../../protocols/at-commands/framer.ts';
import { decodeBoxLine } from '../../protocols/caller-id/decode-box.ts';
import { decodeModemLine } from '../../protocols/caller-id/decode-modem.ts';
import { decodePacket } from '../../protocols/caller-id/decode-packet.ts';
import { LineFramer } from '../../protocols/caller-id/framer.ts';
import { decodeIncoming } from '../../protocols/sms-pdu/decode-incoming.ts';
import { decodeSubmit } from '../../protocols/sms-pdu/decode-submit.ts';
import { MAX_WAITING_MESSAGES } from '../../protocols/sms-pdu/limits.ts';
import { Reassembler } from '../../protocols/sms-pdu/reassembler.ts';
import { checkBound, seedsOf, textOf, type Target } from './target.ts';

const PDUS = seedsOf(
  '07911326040000F0040B911346610089F60000208062917314080CC8F71D14969741F977FD07',
  '0051000B916407281553F80000AA0AE8329BFD4697D9EC37',
  '07916407058099F9060A0B916407281553F800003020102143650030201021436500',
  '07916407058099F9440B916407281553F80000302010214365001A0500030C020162B1582C168BC562',
);
const AT_LINES = seedsOf(
  '\r\n+CLIP: "+8613800138000",145,"",,"",0\r\n',
  '\r\n+CMT: "",24\r\n07911326040000F0040B911346610089F6\r\n',
  '\r\n+CREG: 0,1\r\n\r\nOK\r\n> ',
  '\r\n+CMGL: 1,0,"",24\r\n\r\n+CSQ: 17,99\r\n\r\n+CME ERROR: 10\r\n',
);
const CALLS = seedsOf(
  '\r\nRING\r\n\r\nDATE = 0501\r\nTIME = 1200\r\nNMBR = 13800138000\r\nNAME = WANG\r\n',
  '\r\nDATE=0501\r\nTIME=1200\r\nNMBR=P\r\n',
  '\r\nMESG = 8012010830353031313230300209313338303031333830\r\n',
  'F13800138000\r\n05011200 13800138000\r\n',
);

const TEXTS = seedsOf(
  '主机：紧急求助！防区01 报警 电量20%',
  'SOS! lat:31.230416 lon:121.473701 http://maps.google.com/?q=31.230416,121.473701 bat 20%',
  '烟雾报警 燃气泄漏 漏水 断电 恢复 跌倒 低电压',
  'ALARM zone 3: smoke, gas, water, fall, power off, low battery',
);

/** What telephone lines, modems and SIMs say. */
export const LINE_TARGETS: readonly Target[] = [
  { name: 'caller-id', seeds: CALLS, open: callerId },
  {
    name: 'caller-id packet',
    seeds: seedsOf('8012010830353031313230300209313338303031333830'),
    open: () => (input) => decodePacket(textOf(input)),
  },
  { name: 'at-commands', seeds: AT_LINES, open: atCommands },
  { name: 'sms-pdu', seeds: PDUS, open: sms },
  { name: 'sms words', seeds: TEXTS, open: () => smsWords },
];

function callerId(): (input: Uint8Array) => void {
  const framer = new LineFramer();
  return (input) => {
    for (const line of framer.push(input)) {
      decodeModemLine(line);
      decodeBoxLine(line);
    }
  };
}

function atCommands(): (input: Uint8Array) => void {
  const framer = new AtFramer();
  return (input) => {
    for (const frame of framer.push(input)) if (frame.kind === 'line') decodeLine(frame.text);
  };
}

/** As hex where it is hex, and any bytes as their hex: else hardly one would come past the first check. */
function sms(): (input: Uint8Array) => void {
  const parts = new Reassembler<string>((one, other) => one === other);
  let nowMs = 0;
  return (input) => {
    const text = textOf(input);
    for (const hex of [text, Buffer.from(input).toString('hex')]) {
      decodeSubmit(hex);
      const { message } = decodeIncoming(hex, text.length >> 1);
      if (message.kind === 'deliver' && message.part !== null)
        parts.add(message.from, message.part, hex.slice(0, 20), nowMs);
    }
    nowMs += 1000;
    parts.due(nowMs);
    checkBound(parts.size, MAX_WAITING_MESSAGES);
  };
}

const SMS_MODELS = DEVICE_MODELS.all.flatMap(({ sms }) => (sms === undefined ? [] : [sms]));
const SMS_PATTERNS = SMS_MODELS.flatMap((patterns) => patterns);

/** Patterns of the catalog, on texts that nobody foresaw: a pattern that goes back and forth would show as slow. */
function smsWords(input: Uint8Array): void {
  const text = new TextDecoder().decode(input);
  const sms = { id: '1', at: null, text, isFromService: false, isAwaited: false, faults: [] };
  for (const ofModel of SMS_MODELS) meaningOfSms(sms, 'device', { ofModel, ofAll: SMS_PATTERNS });
  meaningOfSms(sms, 'unknown', { ofModel: [], ofAll: SMS_PATTERNS });
}
