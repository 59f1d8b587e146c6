import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const DASHBOARD = fileURLToPath(new URL('../../dashboard', import.meta.url));
const CONTRACT = fileURLToPath(new URL('../../gateway/api/contract', import.meta.url));

/** Builds the pages where they were not built yet or a source is newer than what was built. */
export async function buildDashboardIfStale(print: (text: string) => void): Promise<void> {
  const builtAt = await mtimeOf(join(DASHBOARD, 'dist', 'index.html'));
  if (builtAt !== null && builtAt >= (await newestIn(DASHBOARD)) && builtAt >= (await newestIn(CONTRACT))) return;
  print('Building the pages …');
  const { build } = await import('vite');
  await build({ configFile: join(DASHBOARD, 'vite.config.ts'), logLevel: 'warn' });
}

async function mtimeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

async function newestIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !`${entry.parentPath}/`.includes('/dist/'));
  const times = await Promise.all(files.map((file) => mtimeOf(join(file.parentPath, file.name))));
  return Math.max(0, ...times.map((time) => time ?? 0));
}
