/** Golden payloads of our own (design §8 is the source). Bytes in, what a decoder must give out. */
export const ALARM_VECTORS = [
  { name: 'the smallest press', payload: '{"type":"sos"}', alarm: { declaredType: 'sos' }, faults: [] },
  {
    name: 'everything that the contract names',
    payload:
      '{"type":"fall","id":"a-17","at":"2026-03-01T08:00:00.250+08:00","zone":"bath","text":"摔倒了","batteryPct":81.5,' +
      '"location":{"lat":30.05,"lon":121.15,"accuracyM":12,"at":1772323199000,"source":"gnss","datum":"gcj02"}}',
    alarm: {
      declaredType: 'fall',
      id: 'a-17',
      at: Date.UTC(2026, 2, 1, 0, 0, 0, 250),
      zone: 'bath',
      text: '摔倒了',
      batteryPct: 81.5,
      location: { lat: 30.05, lon: 121.15, accuracyM: 12, at: 1_772_323_199_000, source: 'gnss', datum: 'gcj02' },
    },
    faults: [],
  },
  {
    name: 'a counter as id and digits as time',
    payload: '{"type":"sos","id":7,"at":"1772323200000"}',
    alarm: { declaredType: 'sos', id: '7', at: 1_772_323_200_000 },
    faults: [],
  },
  {
    name: 'a restore that names its type',
    payload: '{"type":"restored","of":"smoke"}',
    alarm: { declaredType: 'restored', declaredOf: 'smoke' },
    faults: [],
  },
  {
    name: 'null means absent',
    payload: '{"type":"sos","id":null,"zone":null,"location":null}',
    alarm: { declaredType: 'sos' },
    faults: [],
  },
  {
    name: 'every optional field of the wrong type',
    payload: '{"type":5,"id":{},"at":[],"zone":1,"text":true,"batteryPct":"80","location":"here"}',
    alarm: {},
    faults: [
      { code: 'bad-field', path: '/type' },
      { code: 'bad-field', path: '/id' },
      { code: 'bad-field', path: '/at' },
      { code: 'bad-field', path: '/zone' },
      { code: 'bad-field', path: '/text' },
      { code: 'bad-field', path: '/batteryPct' },
      { code: 'bad-field', path: '/location' },
    ],
  },
  {
    name: 'a position off the earth is dropped whole, a bad part of one by itself',
    payload: '{"type":"sos","location":{"lat":91,"lon":0}}',
    alarm: { declaredType: 'sos' },
    faults: [
      { code: 'bad-field', path: '/location/lat' },
      { code: 'bad-field', path: '/location' },
    ],
  },
  {
    name: 'a bad part of a position is dropped by itself',
    payload: '{"type":"sos","location":{"lat":1,"lon":2,"datum":"mars","accuracyM":-1}}',
    alarm: { declaredType: 'sos', location: { lat: 1, lon: 2 } },
    faults: [
      { code: 'bad-field', path: '/location/accuracyM' },
      { code: 'bad-field', path: '/location/datum' },
    ],
  },
  {
    name: 'a type that stands twice says nothing, whichever came last',
    payload: '{"type":"sos","\\u0074ype":"test"}',
    alarm: {},
    faults: [{ code: 'bad-field', path: '/type' }],
  },
  {
    name: 'names of object internals are only keys',
    payload: '{"__proto__":{"type":"test"},"constructor":{"prototype":{"type":"test"}},"type":"sos"}',
    alarm: { declaredType: 'sos' },
    faults: [],
  },
  {
    name: 'a byte order mark in front',
    payload: '\u{FEFF}{"type":"sos"}',
    alarm: { declaredType: 'sos' },
    faults: [],
  },
  {
    name: 'a lone surrogate and a NUL in a text become U+FFFD',
    payload: '{"type":"sos","text":"a\\ud800b\\u0000c"}',
    alarm: { declaredType: 'sos', text: 'a\u{FFFD}b\u{FFFD}c' },
    faults: [],
  },
  {
    name: 'an id that would have to be repaired is no id',
    payload: '{"type":"sos","id":"a\\ud800"}',
    alarm: { declaredType: 'sos' },
    faults: [{ code: 'bad-field', path: '/id' }],
  },
  {
    name: 'a counter beyond 2^53 is no id',
    payload: '{"type":"sos","id":9007199254740993}',
    alarm: { declaredType: 'sos' },
    faults: [{ code: 'bad-field', path: '/id' }],
  },
  { name: 'nothing', payload: '', alarm: {}, faults: [{ code: 'empty', path: '' }] },
  { name: 'a word', payload: 'SOS', alarm: {}, faults: [{ code: 'not-json', path: '' }] },
  { name: 'a NUL', payload: '\0', alarm: {}, faults: [{ code: 'not-json', path: '' }] },
  { name: 'a list', payload: '[{"type":"sos"}]', alarm: {}, faults: [{ code: 'not-object', path: '' }] },
  { name: 'null', payload: 'null', alarm: {}, faults: [{ code: 'not-object', path: '' }] },
  { name: 'half an object', payload: '{"type":"sos"', alarm: {}, faults: [{ code: 'not-json', path: '' }] },
] as const;
