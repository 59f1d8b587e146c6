import type { Logger } from 'pino';
import type { SmsPattern } from '../../catalog/model.ts';
import type { Caller } from '../../event.ts';
import { describeMessage } from '../../meaning/describe-message.ts';
import { meaningOfSms } from '../../meaning/sms.ts';
import type { AlarmLane } from '../alarm-lane.ts';
import type { Account } from '../in-flight.ts';
import type { ContactSink, FrameTrace, NumberBook } from '../ports.ts';
import { callerOf } from '../sender.ts';
import { tellSafely } from '../tell-safely.ts';
import type { Whole } from './inbox.ts';
import { isServiceNumber } from './sms-text.ts';

export type MessageLaneOptions = {
  readonly name: string;
  readonly path: string;
  readonly book: NumberBook;
  readonly contacts: Pick<ContactSink, 'heard'>;
  /** What models say by SMS. */
  readonly models: {
    readonly all: readonly { readonly sms?: readonly SmsPattern[] }[];
    readonly find: (id: string) => { readonly sms?: readonly SmsPattern[] } | undefined;
  };
  /** What was sent to this number, where it was about a case that is still open, and about whom. */
  readonly awaited: (number: string) => { readonly residentId: string | null } | null;
  readonly trace?: FrameTrace;
  readonly logger: Logger;
};

/** Takes whole messages to the door: whose number, what it means, and nothing before it that could wait or fail. */
export function createMessageLane(options: MessageLaneOptions, lane: Pick<AlarmLane, 'accept'>) {
  const { name, path, book, contacts, models, trace, logger } = options;
  const account: Account = { bytes: 0 };
  // Models share most of them, and each is tried before the door.
  const ofAll = [...new Set(models.all.flatMap(({ sms }) => sms ?? []))];

  const tell = (call: () => void): void => tellSafely(name, logger, call);

  /** Resolves when it is durable, or nothing needs to be. */
  return async ({ id, at, number, isNamed, text, faults, raw, items }: Whole): Promise<void> => {
    const { deviceId, standing, model, caller: known } = callerOf(book, name, number, logger);
    const ofModel = (model === null ? undefined : models.find(model)?.sms) ?? [];
    const isFromService = isServiceNumber(number, isNamed);
    const awaited = number === null ? null : options.awaited(number);
    const isAwaited = awaited !== null;
    const meaning = meaningOfSms({ id, at, text, isFromService, isAwaited, faults }, known.whose, { ofModel, ofAll });
    const frame = { link: name, peer: path, direction: 'in', deviceId, raw } as const;
    const isDevice = known.whose === 'device';
    if (meaning === 'heartbeat') {
      if (isDevice) tell(() => contacts.heard(deviceId, standing));
      tell(() => trace?.frame({ ...frame, meaning, isSignOfLife: true }));
      return;
    }
    const isStored = items.every(({ slot }) => slot !== null);
    // The same message again within two minutes is a repeat also where nobody can judge its time.
    const source = { protocol: 'sms', peer: name } as const;
    const caller = meaning.kind === 'answer' ? aboutWhom(known, awaited?.residentId ?? null) : known;
    const arrival = { deviceId, standing, raw, caller, source, message: { ...meaning, sequence: id } };
    const accepted = lane.accept(arrival, account, isStored ? 'sender-repeats' : 'we-repeat');
    if (isDevice) tell(() => contacts.heard(deviceId, standing));
    const event = await accepted;
    logger.info({ line: name, deviceId, eventId: event.id, whose: caller.whose, parts: items.length }, 'SMS taken');
    const said = describeMessage(meaning, standing);
    tell(() => trace?.frame({ ...frame, meaning: said, isSignOfLife: false, eventIds: [event.id] }));
  };
}

/** Whoever is the contact of several answers about the one of whom they were told. */
function aboutWhom(caller: Caller, residentId: string | null): Caller {
  return residentId === null ? caller : { ...caller, residentIds: [residentId] };
}
