import { readFile } from 'node:fs/promises';
import { join, matchesGlob } from 'node:path';

export const ROOT = join(import.meta.dirname, '..', '..', '..');

export type Instruction = { readonly name: string; readonly rest: string };
export type Stage = { readonly name: string; readonly image: string; readonly steps: readonly Instruction[] };

/** The stages of the project's Dockerfile. It knows what that file uses: no continued lines, no build arguments. */
export async function readDockerfile(): Promise<Stage[]> {
  const stages: { name: string; image: string; steps: Instruction[] }[] = [];
  for (const line of (await readFile(join(ROOT, 'Dockerfile'), 'utf8')).split('\n')) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const [, name = '', rest = ''] = /^([A-Z]+) (.+)$/.exec(line) ?? [];
    if (name === '' || rest.endsWith('\\')) throw new Error(`Not read here: ${line}`);
    const [image = '', , alias = ''] = rest.split(' ');
    if (name === 'FROM') stages.push({ name: alias, image, steps: [] });
    else stages.at(-1)?.steps.push({ name, rest });
  }
  return stages;
}

/** Whether the builder gets to see a path; of the rules the last that fits counts, and a folder speaks for what is in it. */
export async function readIgnore(): Promise<(path: string) => boolean> {
  const text = await readFile(join(ROOT, '.dockerignore'), 'utf8');
  const rules = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const fits = (path: string, pattern: string): boolean => {
    // The builder's asterisk takes names with a dot in front, too.
    if (pattern === '*') return true;
    const parts = path.split('/');
    return parts.some((_, n) => matchesGlob(parts.slice(0, n + 1).join('/'), pattern));
  };
  return (path) => {
    const last = rules.findLast((rule) => fits(path, rule.replace(/^!/, '')));
    return last === undefined || last.startsWith('!');
  };
}
