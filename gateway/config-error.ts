import { ZhujiError } from './errors.ts';

/** One setting that the gateway cannot run with. `value` is absent where it is a secret. */
export type ConfigFault = {
  readonly code: 'unknown' | 'bad-value' | 'out-of-range' | 'needs-other' | 'unreadable' | 'in-use';
  readonly key: string;
  readonly value?: string;
  readonly reason: string;
};

/** Settings that the person who starts the gateway must mend; all of them at once. */
export class ConfigError extends ZhujiError {
  declare readonly code: 'config';
  readonly faults: readonly ConfigFault[];

  constructor(faults: readonly ConfigFault[]) {
    super('config', faults.map(formatFault).join('\n'));
    this.faults = faults;
  }
}

export function formatFault(fault: ConfigFault): string {
  return fault.value === undefined
    ? `${fault.key}: ${fault.reason}`
    : `${fault.key}=${JSON.stringify(fault.value)}: ${fault.reason}`;
}
