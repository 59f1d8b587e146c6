import type { DeviceModel } from '../../../devices/catalog/model.ts';
import type { DeviceModel as DeviceModelView } from '../contract/device-model.ts';

/** What of a model concerns who mounts or answers it; golden frames and patterns of SMS stay inside. */
export function viewModel(model: DeviceModel): DeviceModelView {
  const { id, name, mobility, protocol, heartbeatS, voice, dials120, battery, instructions, installation } = model;
  const { looks, frame, codes } = model.fingerprint;
  return {
    ...{ id, name, mobility, protocol, heartbeatS, voice, dials120, battery, instructions, installation },
    keys: [...model.keys],
    raises: [...model.raises],
    metrics: [...model.metrics],
    fingerprint: { looks, frame: frame?.source ?? null, codes: [...codes] },
  };
}
