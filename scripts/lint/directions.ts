/** An entry of `patterns` of the rule no-restricted-imports; its regular expressions know no look-ahead. */
type Pattern = { readonly regex: string; readonly message: string; readonly allowTypeImports?: boolean };

/** Matches what begins otherwise than `word`: `[^w]|w[^o]|wo[^r]|…`. */
function otherThan(word: string): string {
  return [...word].map((letter, index) => `${word.slice(0, index)}[^${letter}]`).join('|');
}

function noFolder(...names: readonly string[]): Pattern {
  return {
    regex: `^\\.{1,2}/(.*/)?(${names.join('|')})/`,
    message: 'Imports run protocols <- devices <- gateway; the product imports no tests, no scripts and no simulator',
  };
}

const NO_BARE_IMPORTS: Pattern = {
  regex: `^[^.](${otherThan('ypebox')})|^[^.t]`,
  message: 'A protocol is pure: it imports itself and typebox, nothing of Node and no other package',
};

const CONTRACT_TYPES: readonly Pattern[] = [
  {
    regex: `^\\.{1,2}/(.*/)?gateway/(${otherThan('api/contract/')})`,
    message: 'The dashboard knows the contract alone',
  },
  {
    regex: '^\\.{1,2}/(.*/)?gateway/api/contract/',
    message: 'Of the contract only the types: import type',
    allowTypeImports: true,
  },
  { regex: '^node:', message: 'There is no Node in a browser' },
];

/** Where the imports of a top-level folder may not point (design §3). */
export const DIRECTIONS = {
  protocols: [noFolder('devices', 'gateway', 'dashboard', 'scripts', 'tests'), NO_BARE_IMPORTS],
  devices: [noFolder('gateway', 'dashboard', 'scripts', 'tests', 'simulator')],
  simulator: [noFolder('gateway', 'dashboard', 'scripts', 'tests')],
  gateway: [noFolder('dashboard', 'scripts', 'tests', 'simulator')],
  dashboard: [noFolder('protocols', 'devices', 'scripts', 'tests'), ...CONTRACT_TYPES],
  scripts: [noFolder('dashboard', 'tests')],
  tests: [],
} as const satisfies Record<string, readonly Pattern[]>;
