import { isIPv6 } from 'node:net';

export type SlowDownRule = {
  /** Failures that cost nothing: people mistype. */
  readonly free: number;
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
};

/** Chosen. An address may be a whole call centre behind one router, so it is given more tries. */
const RULES = {
  account: { free: 3, firstDelayMs: 250, maxDelayMs: 5_000 },
  address: { free: 20, firstDelayMs: 250, maxDelayMs: 5_000 },
} as const satisfies Record<string, SlowDownRule>;

/** Failures are forgotten after this long without another (chosen). */
const MEMORY_MS = 15 * 60_000;
/** Accounts and addresses remembered; the one unheard of for longest goes first (chosen). */
const MAX_REMEMBERED = 10_000;
/**
 * Log-ins under way at a time: of one account at one address, of one address, and of all (chosen). A call centre behind one
 * router is one address: whoever guesses at one account there leaves the rest of its places to the others.
 */
const MAX_PENDING = { perAccount: 5, perAddress: 20, all: 200 } as const;

/** How long a log-in waits after so many failures; it grows up to a bound and never becomes a refusal. */
export function calcDelayMs(failures: number, rule: SlowDownRule): number {
  if (failures < rule.free) return 0;
  // 2^31 is beyond every bound in use, and keeps the power finite.
  return Math.min(rule.maxDelayMs, rule.firstDelayMs * 2 ** Math.min(failures - rule.free, 31));
}

/** IPv6 hands whole /64 networks to one customer, so they count as one address. */
export function normalizeAddress(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('%', 1)[0]?.split('::', 2) ?? [];
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0');
  return [...left, ...zeros, ...right]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}

/**
 * Slows guessing down, per account and per address. Nobody is ever locked out: a right password counts after the delay
 * as before. Memory and waiting log-ins are bounded.
 */
export class SlowDown {
  readonly #monoMs: () => number;
  readonly #failures = new Map<string, { count: number; at: number }>();
  readonly #pending = new Map<string, number>();
  #pendingAll = 0;

  constructor(monoMs: () => number) {
    this.#monoMs = monoMs;
  }

  /** Takes a place among the log-ins under way; false when there is none. Give it back with `leave`. */
  enter(account: string, address: string): boolean {
    const share = shareOf(account, address);
    const isFull =
      this.#underWay(share) >= MAX_PENDING.perAccount ||
      this.#underWay(address) >= MAX_PENDING.perAddress ||
      this.#pendingAll >= MAX_PENDING.all;
    if (isFull) return false;
    for (const key of [share, address]) this.#pending.set(key, this.#underWay(key) + 1);
    this.#pendingAll += 1;
    return true;
  }

  leave(account: string, address: string): void {
    for (const key of [shareOf(account, address), address]) {
      const rest = this.#underWay(key) - 1;
      if (rest <= 0) this.#pending.delete(key);
      else this.#pending.set(key, rest);
    }
    this.#pendingAll -= 1;
  }

  #underWay(key: string): number {
    return this.#pending.get(key) ?? 0;
  }

  delayMs(account: string, address: string): number {
    return Math.max(
      calcDelayMs(this.#count(`account ${account}`), RULES.account),
      calcDelayMs(this.#count(`address ${address}`), RULES.address),
    );
  }

  failed(account: string, address: string): void {
    this.#raise(`account ${account}`);
    this.#raise(`address ${address}`);
  }

  /** A right password clears its account; the address keeps its count, for one account of a guesser may be his own. */
  succeeded(account: string): void {
    this.#failures.delete(`account ${account}`);
  }

  #count(key: string): number {
    const found = this.#failures.get(key);
    if (found === undefined) return 0;
    if (this.#monoMs() - found.at < MEMORY_MS) return found.count;
    this.#failures.delete(key);
    return 0;
  }

  #raise(key: string): void {
    const count = this.#count(key) + 1;
    this.#failures.delete(key);
    this.#failures.set(key, { count, at: this.#monoMs() });
    if (this.#failures.size <= MAX_REMEMBERED) return;
    const [oldest] = this.#failures.keys();
    if (oldest !== undefined) this.#failures.delete(oldest);
  }
}

/** No address has a space in it. */
function shareOf(account: string, address: string): string {
  return `${address} ${account}`;
}
