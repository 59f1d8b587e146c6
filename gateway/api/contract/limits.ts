import { Type, type Static } from 'typebox';
import { IsoTime, nullable } from './primitives.ts';

const Metric = Type.String({ minLength: 1, maxLength: 64, description: 'As in readings: `spo2`, `heart-rate` …' });
const End = nullable(Type.Number({ description: 'Still well; null: no limit on this side' }));

/** What is well for one person, of one metric; both ends included, in our unit of the metric. */
export const OwnLimit = Type.Object({ metric: Metric, low: End, high: End }, { additionalProperties: false });
export type OwnLimit = Static<typeof OwnLimit>;

/** All limits of a person's own at once; a metric that is not among them has its default. */
export const LimitsNew = Type.Object(
  { limits: Type.Array(OwnLimit, { maxItems: 30 }) },
  { additionalProperties: false },
);
export type LimitsNew = Static<typeof LimitsNew>;

export const Limit = Type.Object({
  ...OwnLimit.properties,
  unit: Type.String({ description: 'UCUM' }),
  source: Type.String({ description: '`own`, else where the default comes from: a publication, or `chosen`' }),
});
export type Limit = Static<typeof Limit>;

export const ResidentLimits = Type.Object(
  {
    limits: Type.Array(Limit, { description: 'What counts for this person: their own, and defaults for the rest' }),
    recordedAt: Type.Union([IsoTime, Type.Null()], { description: 'Null where there are none of their own' }),
    recordedBy: nullable(Type.String({ description: 'user:<id> or local:<uid>' })),
  },
  { $id: 'ResidentLimits' },
);
export type ResidentLimits = Static<typeof ResidentLimits>;
