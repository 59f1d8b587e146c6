import 'i18next';
import type { Dictionary } from './dictionary.ts';

declare module 'i18next' {
  /** Makes a key that no dictionary has an error of the type checker. */
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: Dictionary };
  }
}
