import { afterAll, afterEach, beforeEach } from 'vitest';
import { fileEnds, testBegins, testEnds } from './cleanup.ts';

// Registered before every hook of the test file, so ours is the first before and the last after.
beforeEach(testBegins);
afterEach(testEnds);
afterAll(fileEnds);
