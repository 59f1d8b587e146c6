/** One change to the keys, as it is applied, logged and read back. */
export type KeyChange =
  | { readonly op: 'text'; readonly key: string; readonly value: string; readonly until: number | null }
  | { readonly op: 'incident'; readonly key: string; readonly version: string; readonly json: string }
  | { readonly op: 'push'; readonly key: string; readonly value: string }
  | { readonly op: 'pull'; readonly key: string; readonly value: string }
  | { readonly op: 'rank'; readonly key: string; readonly score: number; readonly member: string }
  | { readonly op: 'unrank'; readonly key: string; readonly member: string }
  | { readonly op: 'drop'; readonly key: string };

type HeldText = { readonly value: string; readonly until: number | null };
type HeldIncident = { readonly version: string; readonly json: string };

/**
 * The part of Redis' data that incidents are made of, in memory under the same keys: texts (some with an end, epoch
 * milliseconds), records with their versions, lists, and sets ranked by a number.
 */
export class Keyspace {
  readonly #texts = new Map<string, HeldText>();
  readonly #incidents = new Map<string, HeldIncident>();
  readonly #lists = new Map<string, string[]>();
  readonly #ranks = new Map<string, Map<string, number>>();

  apply(change: KeyChange): void {
    switch (change.op) {
      case 'text':
        this.#texts.set(change.key, { value: change.value, until: change.until });
        return;
      case 'incident':
        this.#incidents.set(change.key, { version: change.version, json: change.json });
        return;
      case 'push':
        getOrMake(this.#lists, change.key, (): string[] => []).push(change.value);
        return;
      case 'pull': {
        const rest = this.list(change.key).filter((value) => value !== change.value);
        if (rest.length === 0) this.#lists.delete(change.key);
        else this.#lists.set(change.key, rest);
        return;
      }
      case 'rank':
        getOrMake(this.#ranks, change.key, () => new Map<string, number>()).set(change.member, change.score);
        return;
      case 'unrank':
        this.#ranks.get(change.key)?.delete(change.member);
        return;
      case 'drop':
        for (const held of [this.#texts, this.#incidents, this.#lists, this.#ranks]) held.delete(change.key);
    }
  }

  text(key: string, nowMs: number): string | null {
    const held = this.#texts.get(key);
    return held === undefined || (held.until !== null && held.until <= nowMs) ? null : held.value;
  }

  incident(key: string): HeldIncident | null {
    return this.#incidents.get(key) ?? null;
  }

  list(key: string): readonly string[] {
    return this.#lists.get(key) ?? [];
  }

  /** Members with their scores, lowest first; of equal scores in the order of their bytes, as Redis ranks them. */
  ranked(key: string): readonly (readonly [member: string, score: number])[] {
    return [...(this.#ranks.get(key) ?? [])].toSorted(([a, m], [b, n]) => m - n || (a < b ? -1 : 1));
  }

  isRanked(key: string, member: string): boolean {
    return this.#ranks.get(key)?.has(member) ?? false;
  }

  /** Every text that has an end and has not come to it: the marks. */
  *marks(nowMs: number): Generator<readonly [key: string, value: string, until: number]> {
    for (const [key, { value, until }] of this.#texts) if (until !== null && until > nowMs) yield [key, value, until];
  }

  /** The keys of every text that stays: words and alarms. */
  *lasting(): Generator<string> {
    for (const [key, { until }] of this.#texts) if (until === null) yield key;
  }

  /** The changes that make an empty keyspace into this one; what has come to its end is left out. */
  *changes(nowMs: number): Generator<KeyChange> {
    for (const [key, { value, until }] of this.#texts) {
      if (until === null || until > nowMs) yield { op: 'text', key, value, until };
    }
    for (const [key, { version, json }] of this.#incidents) yield { op: 'incident', key, version, json };
    for (const [key, values] of this.#lists) for (const value of values) yield { op: 'push', key, value };
    for (const [key, members] of this.#ranks) {
      for (const [member, score] of members) yield { op: 'rank', key, score, member };
    }
  }

  /** Forgets texts that have come to their end. */
  expire(nowMs: number): void {
    for (const [key, { until }] of this.#texts) if (until !== null && until <= nowMs) this.#texts.delete(key);
  }

  copy(nowMs: number): Keyspace {
    const copy = new Keyspace();
    for (const change of this.changes(nowMs)) copy.apply(change);
    return copy;
  }
}

function getOrMake<T>(map: Map<string, T>, key: string, make: () => T): T {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
