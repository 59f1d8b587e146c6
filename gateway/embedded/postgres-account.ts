import { lchown, readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedError, failedWith } from './embedded-error.ts';
import { runCommand } from './run-command.ts';

/** As whom PostgreSQL runs, as data: what to put before its command, and who must own its files. */
export type Account = {
  readonly prefix: readonly string[];
  /** Undefined: whoever we are. */
  readonly ownerUid: number | undefined;
  readonly ownerGid: number | undefined;
};

/** Ways around PostgreSQL's refusal to run as root, in order of preference. */
export const ROOT_WAYS = ['user-namespace', 'other-user'] as const;
export type RootWay = (typeof ROOT_WAYS)[number];

const AS_OURSELVES: Account = { prefix: [], ownerUid: undefined, ownerGid: undefined };

/**
 * An ordinary user runs PostgreSQL directly. Root either
 * - shows it another user id in a user namespace, where files below /root and in folders of mode 700 stay open to it, or
 * - where namespaces are not allowed (containers), gives it a real other user, with the one capability that opens such
 *   folders (setpriv, CAP_DAC_OVERRIDE as ambient capability).
 * Each way is tried with the real binary before it is chosen.
 */
export async function chooseAccount(
  postgres: string,
  dataDir: string,
  ways: readonly RootWay[] = ROOT_WAYS,
): Promise<Account> {
  if (process.getuid?.() !== 0) return AS_OURSELVES;
  const dataOwner = await stat(dataDir);
  const other = await findOtherUser(dataOwner);
  const reasons: string[] = [];
  for (const way of ways) {
    // In the namespace we keep root's files but not root's rights: a folder of somebody else would be closed.
    if (way === 'user-namespace' && dataOwner.uid !== 0) continue;
    const account = way === 'user-namespace' ? inNamespace(other) : asOther(other);
    const [command, ...args] = [...account.prefix, postgres, '--version'];
    const tried = await runCommand(command, args, { timeoutMs: 10_000 });
    // It names its version also where it cannot find itself, and complains beside it.
    if (tried.ok && tried.stderr === '') return account;
    reasons.push(`${command}: ${tried.stderr.trim()}`);
  }
  throw new EmbeddedError(
    'postgres-as-root',
    'PostgreSQL does not run as root, and this machine allows neither unshare --user nor setpriv: run the gateway as an ' +
      `ordinary user, or set DATABASE_URL (${reasons.join('; ')})`,
  );
}

/** Gives a folder and all in it to the account, when another owns it. */
export async function giveTo(account: Account, folder: string): Promise<void> {
  const { ownerUid, ownerGid } = account;
  if (ownerUid === undefined || ownerGid === undefined || (await stat(folder)).uid === ownerUid) return;
  for (const entry of await readdir(folder, { recursive: true })) await lchown(join(folder, entry), ownerUid, ownerGid);
  await lchown(folder, ownerUid, ownerGid);
}

type User = { readonly uid: number; readonly gid: number };

function inNamespace({ uid, gid }: User): Account {
  return { prefix: ['unshare', '--user', `--map-user=${uid}`, `--map-group=${gid}`, '--'], ownerUid: 0, ownerGid: 0 };
}

function asOther({ uid, gid }: User): Account {
  // Without no_setuid_fixup the capability would not count in access(2), by which PostgreSQL looks for its own binary.
  const rights = ['--securebits', '+no_setuid_fixup', '--inh-caps', '+dac_override', '--ambient-caps', '+dac_override'];
  const prefix = ['setpriv', '--reuid', `${uid}`, '--regid', `${gid}`, '--clear-groups', ...rights, '--'];
  return { prefix, ownerUid: uid, ownerGid: gid };
}

/** The data folder's owner, else `nobody`, else anyone who is not root: initdb wants a user that has a name. */
async function findOtherUser(dataOwner: User): Promise<User> {
  if (dataOwner.uid !== 0) return { uid: dataOwner.uid, gid: dataOwner.gid };
  const users = (await readPasswd()).filter((user) => user.uid > 0);
  const found = users.find((user) => user.name === 'nobody') ?? users[0];
  return found ?? { uid: 65_534, gid: 65_534 };
}

/** `name:password:uid:gid:…` (passwd(5)). */
async function readPasswd(): Promise<(User & { readonly name: string })[]> {
  try {
    const lines = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
    return lines.map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
  } catch (error) {
    if (failedWith(error, 'ENOENT')) return [];
    throw error;
  }
}
