import type { KnipConfig } from 'knip';

const config: KnipConfig = {
  entry: [
    'scripts/*.mjs',
    'scripts/zhuji/main.ts',
    'scripts/test/main.ts',
    'scripts/campaign/main.ts',
    'scripts/fuzz/{main,targets,worker}.ts',
    'scripts/bench/{main,brokers/bare-aedes,brokers/naive-aedes,generator/main}.ts',
    'scripts/install/check-health.ts',
    'gateway/ingest/journal/worker.ts',
    'gateway/telemetry/vitals/worker.ts',
    'tests/**/*.test.{ts,tsx}',
    'tests/**/*.fixture.ts',
    'tests/harness/{run-folder,setup,reaper}.ts',
  ],
  project: ['{protocols,devices,gateway,dashboard,scripts,tests}/**/*.{ts,tsx,mjs}', '*.config.ts'],
  vite: { config: ['dashboard/vite.config.ts'] },
  // Called by its path in package.json and scripts/test.
  ignoreDependencies: ['oxfmt'],
  // Programs of the machine.
  ignoreBinaries: ['strace', 'apt-get'],
  // A type beside the schema or function that it belongs to is documentation, whether another file names it or not.
  exclude: ['types'],
  ignoreExportsUsedInFile: true,
};

export default config;
