/** One setting, as data (`settings.ts`). */
export type Setting = {
  /** The environment variable. */
  readonly key: string;
  readonly description: string;
  readonly unit?: string;
  /** Never printed, neither in a fault nor in the table; may stand in a file that `<key>_FILE` names. */
  readonly secret?: true;
  /** Read by the `zhuji` command instead of the gateway. */
  readonly command?: true;
} & SettingKind;

export type SettingKind =
  | { readonly kind: 'integer'; readonly min: number; readonly max: number; readonly default: number | null }
  | { readonly kind: 'choice'; readonly choices: readonly string[]; readonly default: string }
  | { readonly kind: 'text'; readonly pattern: RegExp; readonly shape: string; readonly default: string | null }
  | { readonly kind: 'path'; readonly default: string | null }
  | { readonly kind: 'url'; readonly protocols: readonly string[]; readonly default: null };

/** What a value may be, for people. */
export function formatRange(setting: Setting): string {
  switch (setting.kind) {
    case 'integer':
      return `${setting.min} to ${setting.max}`;
    case 'choice':
      return setting.choices.join(' | ');
    case 'text':
      return setting.shape;
    case 'path':
      return 'a path';
    case 'url':
      return setting.protocols.map((protocol) => `${protocol}//…`).join(' or ');
  }
}
