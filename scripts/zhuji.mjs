#!/usr/bin/env node
// The `zhuji` command: starts itself again on the pinned Node.js, where scripts/zhuji/main.ts goes on.
import { join } from 'node:path';
import { PROJECT_ROOT, start } from './bootstrap/start.mjs';

await start(join(PROJECT_ROOT, 'scripts', 'zhuji', 'main.ts'), process.argv.slice(2), { withoutDev: true });
