import type { DeviceModel } from '../../../devices/catalog/model.ts';
import { ManyAtOnce } from './many-at-once.ts';
import type { SilenceLimits } from './silence-rules.ts';

type Mobility = DeviceModel['mobility'];
const MOBILITIES = ['fixed', 'carried'] as const satisfies readonly Mobility[];

/** A device that is missed here, and how things stand with it. */
export type MissedDevice = {
  readonly deviceId: string;
  /** The device with its present wearer: under which its case stands. */
  readonly subject: string;
  readonly mobility: Mobility;
  readonly silentMs: number;
  /** For how long its way in has been up without a break. */
  readonly hearingMs: number;
  /** From then on it is told. */
  readonly silentAfterMs: number;
  readonly isSupervised: boolean;
  /** Its case is open. */
  readonly isOpen: boolean;
};

export type SilenceAnswer = {
  /** Subjects whose case is to be opened. */
  readonly raise: readonly string[];
  /** Subjects that are silent without a case of their own, because they are many; null where there are not. */
  readonly many: readonly string[] | null;
};

/**
 * Who is to be told as silent. Pure but for what it remembers: whom it has told, since when somebody is supervised, and who waits
 * among many. Call `look`, ask who of its answer reports to this gateway, and tell `decide`. Times are monotonic milliseconds.
 */
export class SilenceBook {
  readonly #limits: SilenceLimits;
  readonly #told = new Map<string, number>();
  readonly #supervised = new Map<string, { readonly subject: string; readonly sinceMonoMs: number }>();
  /** Each for itself: watches that all lose their network hide no gateway that breaks, nor a power cut the watches. */
  readonly #many: Readonly<Record<Mobility, ManyAtOnce>>;
  #due: ReadonlyMap<string, Mobility> = new Map();

  constructor(limits: SilenceLimits) {
    this.#limits = limits;
    this.#many = { fixed: new ManyAtOnce(limits), carried: new ManyAtOnce(limits) };
  }

  /** An earlier process had told of many; they are not told one by one now. */
  adoptMany(nowMono: number): void {
    for (const mobility of MOBILITIES) this.#many[mobility].adopt(nowMono);
  }

  /**
   * Subjects to ask about: who is new before who waits, both kinds by turns. Null while this gateway has not heard for long
   * enough to judge.
   */
  look(nowMono: number, hearingMs: number, missed: readonly MissedDevice[]): readonly string[] | null {
    this.#forgetOthers(missed);
    for (const device of missed) this.#noteSupervision(nowMono, device);
    if (hearingMs < this.#limits.graceMs) return null;
    const due = missed.filter((device) => this.#isDue(nowMono, device));
    this.#due = new Map(due.map(({ subject, mobility }) => [subject, mobility]));
    const kinds = MOBILITIES.map((mobility) => this.#many[mobility].split(this.#dueOf(mobility)));
    const fresh = takeTurns(kinds.map((kind) => kind.fresh));
    return [...fresh, ...takeTurns(kinds.map(({ waiting }) => waiting))].slice(0, this.#limits.asked);
  }

  /** `here`: those of `look` that report to this gateway and are still silent; `told`: those that have had their case already. */
  decide(nowMono: number, here: ReadonlySet<string>, told: ReadonlySet<string>): SilenceAnswer {
    for (const subject of told) this.#told.set(subject, nowMono);
    const waits = [...here].filter((subject) => this.#due.has(subject) && !told.has(subject));
    const raise = MOBILITIES.flatMap((mobility) => {
      const stillDue = new Set(this.#dueOf(mobility).filter((subject) => !told.has(subject)));
      return this.#many[mobility].decide(
        nowMono,
        waits.filter((subject) => stillDue.has(subject)),
        stillDue,
      );
    });
    for (const subject of raise) this.#told.set(subject, nowMono);
    const many = MOBILITIES.map((mobility) => this.#many[mobility].many(nowMono));
    return { raise, many: many.every((members) => members === null) ? null : many.flatMap((members) => members ?? []) };
  }

  #dueOf(mobility: Mobility): string[] {
    return [...this.#due].filter(([, of]) => of === mobility).map(([subject]) => subject);
  }

  /** What was to be raised was not kept: at the next look again. */
  untell(subject: string): void {
    this.#told.delete(subject);
  }

  #isDue(nowMono: number, device: MissedDevice): boolean {
    const { deviceId, subject, silentMs, silentAfterMs, isSupervised, isOpen } = device;
    if (!isSupervised || isOpen || silentMs < silentAfterMs) return false;
    // Its way in is down, or only just up again: nobody becomes silent by it, and nobody ceases to be.
    if (device.hearingMs < this.#limits.graceMs && !this.#due.has(subject)) return false;
    const toldMono = this.#told.get(subject);
    if (toldMono !== undefined && nowMono - toldMono < this.#limits.againMs) return false;
    return nowMono - (this.#supervised.get(deviceId)?.sinceMonoMs ?? -Infinity) >= silentAfterMs;
  }

  /** Who comes home, and who gets a device that is missed, has as long as any until it is told. */
  #noteSupervision(nowMono: number, { deviceId, subject, isSupervised }: MissedDevice): void {
    const known = this.#supervised.get(deviceId);
    const isNew = known === undefined && isSupervised;
    if (known?.subject === subject && isSupervised) return;
    this.#told.delete(subject);
    this.#supervised.set(deviceId, { subject, sinceMonoMs: isNew ? -Infinity : nowMono });
  }

  /** Heard again, or heard elsewhere: what follows is another silence. */
  #forgetOthers(missed: readonly MissedDevice[]): void {
    const ids = new Set(missed.map(({ deviceId }) => deviceId));
    const subjects = new Set(missed.map(({ subject }) => subject));
    for (const id of this.#supervised.keys()) if (!ids.has(id)) this.#supervised.delete(id);
    for (const subject of this.#told.keys()) if (!subjects.has(subject)) this.#told.delete(subject);
  }
}

/** One of each list after the other, until all are empty. */
function takeTurns(lists: readonly (readonly string[])[]): string[] {
  const most = Math.max(...lists.map(({ length }) => length));
  return Array.from({ length: most }, (_, turn) => lists.flatMap((list) => list.slice(turn, turn + 1))).flat();
}
