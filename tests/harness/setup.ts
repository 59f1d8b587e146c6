import { afterAll, afterEach, beforeEach } from 'vitest';
import { watchParent } from '../../scripts/bootstrap/watch-parent.mjs';
import { fileEnds, testBegins, testEnds } from './cleanup.ts';

// Registered before every hook of the test file, so ours is the first before and the last after.
beforeEach(testBegins);
afterEach(testEnds);
afterAll(fileEnds);

// Should vitest be killed, its workers would go on for some seconds, starting servers that nobody ends.
watchParent(process.ppid, () => process.exit(1));
