import { Type, type Static } from 'typebox';
import { IsoTime, nullable, oneOf } from './primitives.ts';

/** Widths of a point; a week begins on Monday. From an hour on they come from the hour table, below it from the readings. */
export const BUCKETS = ['1m', '5m', '15m', '30m', '1h', '3h', '6h', '12h', '1d', '7d'] as const;
export type Bucket = (typeof BUCKETS)[number];

/** `heart-rate`, `spo2` …; the list is open. */
export const Metric = Type.String({ minLength: 1, maxLength: 64 });

export const ObservationQuery = Type.Object(
  {
    metric: Metric,
    from: Type.Optional(Type.String({ format: 'date-time', description: 'A day before `to` when absent' })),
    to: Type.Optional(Type.String({ format: 'date-time', description: 'Now when absent; not included' })),
    bucket: Type.Optional(oneOf(BUCKETS)),
    offset: Type.Optional(
      Type.Integer({
        minimum: -720,
        maximum: 840,
        multipleOf: 60,
        description: 'Minutes east of UTC at which days and weeks begin: 480 in China; UTC when absent',
      }),
    ),
  },
  { additionalProperties: false },
);

export const MeasuredQuery = Type.Object(
  {
    from: Type.Optional(Type.String({ format: 'date-time', description: '90 days before `to` when absent' })),
    to: Type.Optional(Type.String({ format: 'date-time', description: 'Now when absent; not included' })),
  },
  { additionalProperties: false },
);

const Value = Type.Number({ description: 'In `unit`' });
const Count = Type.Integer({ minimum: 1 });

/** What may be scored of one bucket, which begins at `t`. */
export const ObservationPoint = Type.Object({ t: IsoTime, min: Value, avg: Value, max: Value, count: Count });
export type ObservationPoint = Static<typeof ObservationPoint>;

/** What may not: the sensor says or shows that it is wrong. Drawn apart and in no average. */
export const FlaggedPoint = Type.Object({
  t: IsoTime,
  min: Value,
  max: Value,
  count: Count,
  flags: Type.Array(oneOf(['not-worn', 'poor', 'implausible', 'clock', 'unknown-unit']), {
    description: 'Each that any of them has',
  }),
});
export type FlaggedPoint = Static<typeof FlaggedPoint>;

const Unit = nullable(Type.String({ description: 'UCUM; null for a metric that is not known here' }));

/** Which metrics there are of a person, whichever devices they wore, retired ones too; at `/residents/{id}/measured`. */
export const Measured = Type.Object(
  {
    from: Type.String({ format: 'date-time', description: 'The whole hour at `from` or before it' }),
    to: Type.String({ format: 'date-time', description: 'The whole hour at `to` or behind it' }),
    items: Type.Array(Type.Object({ metric: Metric, unit: Unit }), {
      description: 'In the order of names; also those of which nothing may be scored',
    }),
  },
  { $id: 'Measured' },
);
export type Measured = Static<typeof Measured>;

export const Observations = Type.Object(
  {
    metric: Metric,
    unit: Unit,
    bucket: oneOf(BUCKETS),
    from: Type.String({ format: 'date-time', description: 'Where the first bucket begins: at `from` or before it' }),
    to: Type.String({ format: 'date-time', description: 'Where the last one ends: at `to` or behind it' }),
    points: Type.Array(ObservationPoint, {
      description: 'In the order of time; a bucket without readings is left out',
    }),
    flagged: Type.Array(FlaggedPoint),
  },
  { $id: 'Observations' },
);
export type Observations = Static<typeof Observations>;
