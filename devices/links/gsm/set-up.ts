import { setTimeout as delay } from 'node:timers/promises';
import { AT } from '../../../protocols/at-commands/commands.ts';
import type { AtSession } from './at-session.ts';
import type { GsmLimits } from './limits.ts';
import { ModemError } from './modem-error.ts';

/** What a modem is told, in this order; what is not needed may be refused: some have it not, or always. */
const STEPS: readonly { readonly command: string; readonly isNeeded: boolean }[] = [
  { command: AT.numberedErrors, isNeeded: false },
  { command: AT.pduMode, isNeeded: true },
  { command: AT.announce, isNeeded: false },
  { command: AT.callerNumber, isNeeded: false },
];

/** Codes of `+CME ERROR` and `+CMS ERROR` that speak of a card that is not there (27.007 §9.2.1, 27.005 §3.2.5). */
const NO_CARD = new Set([10, 13, 310, 313]);
const LOCKED = new Set([11, 12, 16, 311, 312, 316]);

/** Times that a modem is called before it counts as silent; one that starts needs ten seconds and more. Chosen. */
const CALLS = 10;

/**
 * Brings a modem, in whatever state, to tell of messages: rejects with a `ModemError` where it does not answer, refuses PDU mode
 * or has no open card. `memory` is where messages are to be kept; answers where they are.
 */
export async function setUp(session: AtSession, memory: string, limits: GsmLimits): Promise<string> {
  session.escape();
  await call(session, limits);
  // What it had still to say of before is no answer to what comes now.
  await delay(limits.settleMs);
  await tell(session, AT.echoOff, false, limits);
  await tell(session, AT.numberedErrors, false, limits);
  await readCard(session, limits);
  return tellAgain(session, memory, limits);
}

/** All that it forgets when it loses its power for a moment beside a cable that holds; no harm where it did not. Answers as `setUp`. */
export async function tellAgain(session: AtSession, memory: string, limits: GsmLimits): Promise<string> {
  for (const { command, isNeeded } of STEPS) await tell(session, command, isNeeded, limits);
  return chooseMemory(session, memory, limits);
}

/** Where it is not kept as asked it is where the modem says, so that a message is never known under two names. */
async function chooseMemory(session: AtSession, memory: string, { answerMs }: GsmLimits): Promise<string> {
  // All three: read from, written to, received into.
  for (const command of [`${AT.useMemory(memory)},"${memory}","${memory}"`, AT.useMemory(memory)]) {
    if ((await session.command(command, answerMs)).end === 'ok') return memory;
  }
  const { said } = await session.command(AT.storage, answerMs);
  return said.find((message) => message.kind === 'storage')?.memory ?? memory;
}

async function call(session: AtSession, { attentionMs }: GsmLimits): Promise<void> {
  for (let calls = 1; ; calls += 1) {
    try {
      if ((await session.command(AT.attention, attentionMs)).end === 'ok') return;
    } catch (error) {
      const isLast = calls >= CALLS || !(error instanceof ModemError) || error.code !== 'no-answer';
      if (isLast) throw error;
      continue;
    }
    if (calls >= CALLS) throw new ModemError('refused', 'the modem refuses AT');
  }
}

async function tell(session: AtSession, command: string, isNeeded: boolean, { answerMs }: GsmLimits): Promise<void> {
  const { end } = await session.command(command, answerMs);
  if (isNeeded && end !== 'ok') throw new ModemError('refused', `the modem refuses ${command}`);
}

/** A modem that has just started answers so for some seconds: the caller tries again. */
async function readCard(session: AtSession, { answerMs }: GsmLimits): Promise<void> {
  const { end, said } = await session.command(AT.sim, answerMs);
  const sim = said.find((message) => message.kind === 'sim');
  if (sim?.state === 'READY') return;
  if (sim !== undefined) throw new ModemError('sim-locked', `the card says ${sim.state}`);
  const code = typeof end === 'object' ? end.code : null;
  if (code !== null && NO_CARD.has(code)) throw new ModemError('no-sim', 'no card in the modem');
  if (code !== null && LOCKED.has(code)) throw new ModemError('sim-locked', 'the card is locked');
  throw new ModemError('refused', 'the modem does not tell how its card is');
}
