import { defineConfig, type OxlintOverride } from 'oxlint';
import { CAPABILITIES, GRANTS, type Capability } from './scripts/lint/capabilities.ts';
import { DIRECTIONS } from './scripts/lint/directions.ts';

type Tree = keyof typeof DIRECTIONS;

/**
 * Rules for one place of the tree. Of several overrides that match a file the last one's list holds alone, so each states
 * everything: where its imports may point, and which of the outside world's doors are closed to it.
 */
function override(files: string[], tree: Tree, granted: readonly Capability[]): OxlintOverride {
  const closed = Object.entries(CAPABILITIES).filter(([name]) => !granted.includes(name as Capability));
  const specs = closed.map(([, spec]) => spec);
  return {
    files,
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: specs.flatMap(({ imports }) => imports.map((path) => ({ allowTypeImports: true, ...path }))),
          patterns: [...DIRECTIONS[tree]],
        },
      ],
      'no-restricted-globals': ['error', ...specs.flatMap(({ globals }) => [...globals])],
      'no-restricted-properties': ['error', ...specs.flatMap(({ properties }) => [...properties])],
    },
  };
}

function treeOf(path: string): Tree {
  if (path.startsWith('devices/simulator/')) return 'simulator';
  return path.startsWith('devices/') ? 'devices' : 'gateway';
}

const EVERYTHING = Object.keys(CAPABILITIES) as Capability[];

export default defineConfig({
  plugins: ['eslint', 'typescript', 'unicorn', 'oxc', 'import', 'promise', 'node'],
  categories: { correctness: 'error', suspicious: 'error' },
  options: { typeAware: true, denyWarnings: true },
  ignorePatterns: ['**/dist/**', 'data/**', 'tests/fixtures/**'],
  rules: {
    'import/no-cycle': 'error',
    'import/no-default-export': 'error',
    'oxc/no-barrel-file': ['error', { threshold: 0 }],
    'no-console': 'error',
    'no-empty': 'error',
    'no-var': 'error',
    'prefer-const': 'error',
    eqeqeq: ['error', 'always', { null: 'ignore' }],
    'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    'max-lines': ['error', { max: 300 }],
    'typescript/no-explicit-any': 'error',
    'typescript/no-floating-promises': ['error', { ignoreVoid: true }],
    'typescript/no-misused-promises': 'error',
    'typescript/no-non-null-assertion': 'error',
    'typescript/only-throw-error': ['error', { allowRethrowing: true, allowThrowingUnknown: true }],
    'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    'typescript/consistent-type-imports': 'error',
    'typescript/ban-ts-comment': 'error',
    // Off, because they speak against what we do on purpose or what the compiler sees better.
    'import/no-named-as-default-member': 'off',
    'import/no-unassigned-import': 'off',
    'no-shadow': 'off',
    'no-useless-constructor': 'off',
    'oxc/no-async-endpoint-handlers': 'off',
    'promise/always-return': 'off',
    'promise/no-callback-in-promise': 'off',
    'promise/no-promise-in-callback': 'off',
    'typescript/consistent-return': 'off',
    'typescript/no-misused-spread': 'off',
    'typescript/no-unnecessary-type-parameters': 'off',
    'typescript/no-unsafe-type-assertion': 'off',
    'unicorn/consistent-function-scoping': 'off',
    'unicorn/no-useless-spread': 'off',
    'unicorn/prefer-add-event-listener': 'off',
    'unicorn/require-post-message-target-origin': 'off',
  },
  overrides: [
    override(['protocols/**'], 'protocols', []),
    override(['devices/**'], 'devices', []),
    override(['gateway/**'], 'gateway', []),
    ...GRANTS.map(({ files, may }) => override([...files], treeOf(files[0]), may)),
    override(['dashboard/**'], 'dashboard', EVERYTHING),
    override(['scripts/**'], 'scripts', EVERYTHING),
    override(['tests/**'], 'tests', EVERYTHING),
    { files: ['scripts/**', 'tests/**'], rules: { 'no-console': 'off' } },
    // Tools demand a default export of their configuration.
    { files: ['*.config.ts', 'dashboard/vite.config.ts'], rules: { 'import/no-default-export': 'off' } },
  ],
});
