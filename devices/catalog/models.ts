import { genericHomeGateway } from './generic-home-gateway.ts';
import { genericOneTouch } from './generic-one-touch.ts';
import { genericPendant } from './generic-pendant.ts';
import { genericWearable } from './generic-wearable.ts';
import { gsmAlarmBox } from './gsm-alarm-box.ts';
import { gsmGasGuard } from './gsm-gas-guard.ts';
import { ipDialer } from './ip-dialer.ts';
import { ipDialerEncrypted } from './ip-dialer-encrypted.ts';
import { ipHub } from './ip-hub.ts';
import { ipHubEncrypted } from './ip-hub-encrypted.ts';
import { landlineAutoDialer } from './landline-auto-dialer.ts';
import { landlineContactId } from './landline-contact-id.ts';
import { landlineOneTouch } from './landline-one-touch.ts';
import { nurseCallPanel } from './nurse-call-panel.ts';
import { radioPendantBase } from './radio-pendant-base.ts';
import { simElderMobile } from './sim-elder-mobile.ts';
import { simOneTouch } from './sim-one-touch.ts';
import { simPendant } from './sim-pendant.ts';
import { watchSms } from './watch-sms.ts';
import { createCatalog } from './registry.ts';

/** Every model that the gateway knows, in the order in which people see them. */
export const DEVICE_MODELS = createCatalog([
  genericOneTouch,
  genericPendant,
  genericWearable,
  genericHomeGateway,
  landlineOneTouch,
  landlineAutoDialer,
  landlineContactId,
  simOneTouch,
  simElderMobile,
  simPendant,
  radioPendantBase,
  gsmAlarmBox,
  gsmGasGuard,
  ipDialer,
  ipDialerEncrypted,
  ipHub,
  ipHubEncrypted,
  nurseCallPanel,
  watchSms,
]);
