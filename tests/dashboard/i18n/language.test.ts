import { expect, test } from 'vitest';
import { chooseLanguage } from '../../../dashboard/i18n/language.ts';

test.each([
  ['en', ['zh-CN'], 'en'],
  [null, ['zh-CN', 'en'], 'zh'],
  [null, ['zh-Hant-TW'], 'zh'],
  [null, ['de-DE', 'en-GB'], 'en'],
  [null, ['de-DE'], 'zh'],
  ['klingon', [], 'zh'],
] as const)('chosen %s, browser %j: %s', (chosen, browser, language) => {
  expect(chooseLanguage(chosen, browser)).toBe(language);
});
