/** Models that are mounted in a home. Everything else, also what we do not know, may be anywhere its wearer is. */
const FIXED_MODELS: ReadonlySet<string> = new Set([
  'generic-one-touch',
  'generic-home-gateway',
  'landline-one-touch',
  'landline-auto-dialer',
  'landline-contact-id',
  'sim-one-touch',
  'radio-pendant-base',
  'gsm-alarm-box',
  'gsm-gas-guard',
  'ip-dialer',
  'ip-dialer-encrypted',
  'ip-hub',
  'ip-hub-encrypted',
  'nurse-call-panel',
]);

/** Whether the device must not be taken for a sign that the person is at home. */
export function isCarried(model: string): boolean {
  return !FIXED_MODELS.has(model);
}
