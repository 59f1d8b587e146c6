import { genericHomeGateway } from './generic-home-gateway.ts';
import { genericOneTouch } from './generic-one-touch.ts';
import { genericPendant } from './generic-pendant.ts';
import { genericWearable } from './generic-wearable.ts';
import { createCatalog } from './registry.ts';

/** Every model that the gateway knows, in the order in which people see them. */
export const DEVICE_MODELS = createCatalog([genericOneTouch, genericPendant, genericWearable, genericHomeGateway]);
