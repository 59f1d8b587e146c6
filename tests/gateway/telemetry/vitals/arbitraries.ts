import fc from 'fast-check';
import type { Observation } from '../../../../gateway/telemetry/observation.ts';

const time = fc.integer({ min: 0, max: 253_402_300_799_999 });

/** Rows of one message: one device, one wearer, one time of receipt. */
export const anyRows: fc.Arbitrary<Observation[]> = fc
  .record({
    deviceId: fc.stringMatching(/^[A-Za-z0-9._-]{1,64}$/),
    residentId: fc.option(fc.stringMatching(/^[A-Za-z0-9]{1,26}$/), { nil: null }),
    receivedAt: time,
    rows: fc.array(
      fc.record({
        ts: time,
        metric: fc.stringMatching(/^[a-z][a-z0-9-]{0,39}$/),
        value: fc.double({ noNaN: true, noDefaultInfinity: true }),
        flags: fc.integer({ min: 0, max: 31 }),
      }),
      { minLength: 1, maxLength: 20 },
    ),
  })
  .map(({ rows, ...shared }) => rows.map((row) => ({ ...shared, ...row })));
