import { expect, test } from 'vitest';
import { createCatalog } from '../../../../devices/catalog/registry.ts';
import { DEVICE_MODELS } from '../../../../devices/catalog/models.ts';
import { findReporting } from '../../../../gateway/telemetry/silence/reporting.ts';

const [model] = DEVICE_MODELS.all;
if (model === undefined) throw new Error('the catalog is empty');
const mute = { ...model, id: 'mute', heartbeatS: null };
const hourly = { ...model, id: 'hourly', heartbeatS: 3600 };
const models = createCatalog([mute, hourly]);
const agreed = (heartbeatS: number | null) => ({ heartbeatOf: (id: string) => (id === 'd1' ? heartbeatS : null) });

test('what was agreed for an account counts before the model', () => {
  const { mobility } = model;
  expect(findReporting({ id: 'd1', model: 'hourly' }, agreed(90), models)).toEqual({ mobility, heartbeatS: 90 });
  expect(findReporting({ id: 'd2', model: 'hourly' }, agreed(90), models)).toEqual({ mobility, heartbeatS: 3600 });
  expect(findReporting({ id: 'd1', model: 'mute' }, agreed(90), models)).toEqual({ mobility, heartbeatS: 90 });
});

test('nobody is silent who gives no sign of life, or is of an unknown model', () => {
  expect(findReporting({ id: 'd1', model: 'mute' }, agreed(null), models)).toBeUndefined();
  expect(findReporting({ id: 'd1', model: 'nothing' }, agreed(90), models)).toBeUndefined();
});
