import { Type, type Static } from 'typebox';
import { Id, nullable } from './primitives.ts';

const InBothLanguages = Type.Object({ zh: Type.String(), en: Type.String() });

const Battery = Type.Object({
  tells: Type.Enum(['alarm', 'percent', 'nothing']),
  lowPct: nullable(Type.Number()),
});

const Fingerprint = Type.Object({
  looks: InBothLanguages,
  frame: nullable(Type.String({ description: 'Regular expression of its frames as text' })),
  codes: Type.Array(Type.String(), { description: 'Of Contact ID or SIA' }),
});

/** One kind of device, as the catalog has it. */
export const DeviceModel = Type.Object(
  {
    id: Id,
    name: InBothLanguages,
    mobility: Type.Enum(['fixed', 'carried']),
    protocol: Type.String(),
    heartbeatS: nullable(Type.Number({ description: 'Between two signs of life; null for a model that gives none' })),
    keys: Type.Array(Type.Object({ colour: Type.Enum(['red', 'green']), raises: Type.String() })),
    raises: Type.Array(Type.String(), { description: 'Types of alarm without a key' }),
    metrics: Type.Array(Type.String(), { description: 'Vital signs that it measures' }),
    voice: Type.Boolean(),
    dials120: Type.Boolean({ description: 'It can call 120, or a number of its own list, without us' }),
    battery: nullable(Battery),
    fingerprint: Fingerprint,
    instructions: InBothLanguages,
    installation: InBothLanguages,
  },
  { $id: 'DeviceModel' },
);
export type DeviceModel = Static<typeof DeviceModel>;

export const DeviceModels = Type.Object({ items: Type.Array(DeviceModel) });
export type DeviceModels = Static<typeof DeviceModels>;
