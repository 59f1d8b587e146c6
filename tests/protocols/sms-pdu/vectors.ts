/**
 * PDUs from a widely copied tutorial on the PDU format (dreamfabric, "SMS and the PDU format"), and made by hand after the
 * standard's tables (marked). Never from a modem of ours.
 */
export const DELIVERED = [
  {
    hex: '07917283010010F5040BC87238880900F10000993092516195800AE8329BFD4697D9EC37',
    tpduOctets: 28,
    from: { kind: 'subscriber', value: '27838890001' },
    // 29.3.(20)99 15:16:59, two hours east: the century is not told.
    time: { at: Date.UTC(2099, 2, 29, 13, 16, 59), zoneQuarters: 8 },
    text: 'hellohello',
    part: null,
  },
  {
    hex: '07911326040000F0040B911346610089F60000208062917314080CC8F71D14969741F977FD07',
    tpduOctets: 30,
    from: { kind: 'international', value: '31641600986' },
    time: { at: Date.UTC(2002, 7, 26, 19, 37, 41), zoneQuarters: 0 },
    text: 'How are you?',
    part: null,
  },
  {
    // By hand: 求救 in UCS-2, first of two parts (8 bit reference 0xA5), 8 hours east.
    hex: '00440D91688137155376F80008629011019043230A050003A502016C426551',
    tpduOctets: 30,
    from: { kind: 'international', value: '8618735135678' },
    time: { at: Date.UTC(2026, 8, 11, 2, 9, 34), zoneQuarters: 32 },
    text: '求救',
    part: { bits: 8, reference: 0xa5, total: 2, number: 1 },
  },
] as const;

export const SUBMITTED = {
  hex: '0011000B916407281553F80000AA0AE8329BFD4697D9EC37',
  to: { kind: 'international', value: '46708251358' },
  text: 'hellohello',
  // 0xAA: four days.
  validityMin: 4 * 24 * 60,
} as const;
