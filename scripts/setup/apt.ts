import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { isOnPath, type Need } from './needs.ts';

/**
 * Installs what is missing through apt where apt is and we are root, after saying what and why; else says in one line what
 * to install. Gives what is still missing. Everything goes to `print` and standard error; a failure is not an error.
 */
export async function installMissing(needs: readonly Need[], print: (line: string) => void): Promise<readonly Need[]> {
  const missing = needs.filter((need) => !need.isThere());
  if (missing.length === 0) return [];
  const packages = missing.map((need) => need.aptPackage);
  const what = missing.map(({ name, why }) => `${name} is missing (${why})`).join(', ');
  if (!isOnPath('apt-get') || process.getuid?.() !== 0) {
    print(`${what}. Install it yourself, on Debian or Ubuntu: sudo apt-get install ${packages.join(' ')}`);
    return missing;
  }
  print(`${what}. Installing with apt-get: ${packages.join(' ')}`);
  // A list that is out of date names packages that are gone; one that cannot be renewed may still do.
  await runApt(['update', '-qq']);
  await runApt(['install', '-y', '-qq', '--no-install-recommends', ...packages]);
  const left = missing.filter((need) => !need.isThere());
  if (left.length > 0) print(`apt-get could not install: ${left.map((need) => need.aptPackage).join(' ')}`);
  return left;
}

async function runApt(args: readonly string[]): Promise<void> {
  const child = spawn('apt-get', [...args], {
    stdio: ['ignore', 2, 2],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  await once(child, 'exit');
}
