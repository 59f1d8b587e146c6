import { alarmOfMqttJson } from '../../devices/meaning/mqtt-json.ts';
import { readingsOfMqttJson } from '../../devices/meaning/mqtt-json-vitals.ts';
import { PacketFramer } from '../../devices/links/mqtt/packet-framer.ts';
import { decodeEntry } from '../../gateway/ingest/journal/entry.ts';
import { decodeSegment, encodeRecord } from '../../gateway/segments/record.ts';
import { decodeSpoolRecord } from '../../gateway/telemetry/vitals/record.ts';
import { scanRows } from '../../gateway/telemetry/vitals/scan-rows.ts';
import { parseLine } from '../../gateway/trace/frame-line.ts';
import { decodeFeedback } from '../../protocols/mqtt-json/decode-feedback.ts';
import { decodeStatus } from '../../protocols/mqtt-json/decode-status.ts';
import { decodeVitals } from '../../protocols/mqtt-json/decode-vitals.ts';
import { scanJson } from '../../protocols/mqtt-json/json-scan.ts';
import { parseTopic } from '../../protocols/mqtt-json/topics.ts';
import { LINE_TARGETS } from './line-targets.ts';
import { RECEIVER_TARGETS } from './receiver-targets.ts';
import { seedsOf, textOf, type Target } from './target.ts';

const ALARMS = seedsOf(
  '{"type":"sos","id":"7","at":"2026-05-01T12:00:00Z","zone":"2","text":"help","batteryPct":81}',
  '{"type":"restored","of":"mains-lost","at":1777636800000}',
  '{"type":"fall","location":{"lat":31.2,"lon":121.5,"accuracyM":12.5,"at":1,"source":"gnss","datum":"gcj02"}}',
);
const VITALS = seedsOf(
  '{"at":1777636800000,"readings":[{"metric":"spo2","value":97,"unit":"%","quality":"ok","worn":true},{"metric":"heart-rate","value":71.5}]}',
);
const STATUS = seedsOf(
  '{"at":"2026-05-01T12:00:00+08:00","batteryPct":81,"signalPct":40,"mains":true,"firmware":"1.2"}',
);
const FEEDBACK = seedsOf(
  '{"alarmId":"A","id":"7","incidentId":null,"stage":"received","at":"2026-05-01T12:00:00.000Z","text":"ok"}',
);

/** Position, time of receipt, device, resident, one row: time, value, flags, metric. */
const SPOOLED = seedsOf(`${'\0'.repeat(16)}\x07watch-1\x02r1\0\x01${'\0'.repeat(17)}\x04spo2`);
const TRACED = [
  '{"i":"phone-1","l":"dc09","t":1777636800000,"d":"in","p":"127.0.0.1:5000","m":"alarm sos","e":["01ARZ3NDEKTSV4RRFFQ69G5FAV"],"r":"AAEC"}',
  '{"i":null,"l":"mqtt","t":0,"d":"out","p":"","m":"","e":[{"toString":1},7,null],"c":1,"r":""}',
];

/**
 * Everything that reads bytes from outside. A decoder that has landed gets a line here, or in the list of its kind; `name` begins with its
 * protocol.
 */
export const TARGETS: readonly Target[] = [
  {
    name: 'mqtt packets',
    seeds: seedsOf('\x10\x0c\0\x04MQTT\x04\x02\0\x3c\0\0', '\x32\x0b\0\x05alarm\0\x01{}', '\xc0\0'),
    open: mqttPackets,
  },
  { name: 'mqtt-json alarm', seeds: ALARMS, open: () => alarmOfMqttJson },
  { name: 'mqtt-json vitals', seeds: VITALS, open: () => vitals },
  { name: 'mqtt-json status', seeds: STATUS, open: () => decodeStatus },
  { name: 'mqtt-json feedback', seeds: FEEDBACK, open: () => decodeFeedback },
  { name: 'mqtt-json scan', seeds: [...ALARMS, ...VITALS], open: () => (input) => scanJson(textOf(input)) },
  { name: 'mqtt-json topics', seeds: seedsOf('zj/v1/phone-1/alarm'), open: () => (input) => parseTopic(textOf(input)) },
  {
    name: 'vitals scan',
    seeds: SPOOLED,
    open: () => (input) => scanRows(bufferOf(input)),
  },
  {
    name: 'segments',
    seeds: [encodeRecord(1, Buffer.from('journal')), encodeRecord(2, Buffer.alloc(64))],
    open: () => (input) => decodeSegment(bufferOf(input)),
  },
  { name: 'vitals spool', seeds: SPOOLED, open: () => decodeSpoolRecord },
  { name: 'journal', seeds: seedsOf('01ARZ3NDEKTSV4RRFFQ69G5FAV{}'), open: () => journal },
  { name: 'trace', seeds: seedsOf(...TRACED), open: () => (input) => parseLine(textOf(input)) },
  ...RECEIVER_TARGETS,
  ...LINE_TARGETS,
];

/** After a fault a connection ends and another begins. */
function mqttPackets(): (input: Uint8Array) => void {
  let framer = new PacketFramer();
  return (input) => {
    const { fault } = framer.push(bufferOf(input));
    if (fault !== undefined) framer = new PacketFramer();
  };
}

function vitals(input: Uint8Array): void {
  const decoded = decodeVitals(input);
  if (decoded.ok) readingsOfMqttJson(decoded.value);
}

function bufferOf(input: Uint8Array): Buffer {
  return Buffer.from(input.buffer, input.byteOffset, input.length);
}

/** Behind the checksum of its record, both kinds. */
function journal(input: Uint8Array): void {
  for (const kind of [1, 2, 3]) {
    for (const record of decodeSegment(encodeRecord(kind, input)).records) decodeEntry(record);
  }
}
