import { AtFramer } from '../../protocols/at-commands/framer.ts';
import { encodeLine } from '../../protocols/at-commands/encode-line.ts';
import type { AtMessage, Registration } from '../../protocols/at-commands/message.ts';
import { addressOf } from '../../protocols/sms-pdu/address.ts';
import { decodeSubmit } from '../../protocols/sms-pdu/decode-submit.ts';
import { encodeDeliver, encodeStatusReport, type EncodedPdu } from '../../protocols/sms-pdu/encode.ts';
import type { Address, Submit } from '../../protocols/sms-pdu/message.ts';
import { splitText } from '../../protocols/sms-pdu/split-text.ts';
import { openPort, type OpenPort, type PortOptions } from '../links/serial/open-port.ts';
import { GsmStore } from './gsm-store.ts';

export type GsmModemOptions = {
  /** Its own end of the cable. */
  readonly port: PortOptions;
  readonly clock: { readonly nowMs: () => number };
  /** Messages that its card holds; 20. */
  readonly capacity?: number;
};

/** How the modem and its network are; may be changed at any time. */
export type GsmMood = {
  isAnswering: boolean;
  /** It tells when a message came. */
  isAnnouncing: boolean;
  signal: number | null;
  registration: Registration;
  sim: string;
  /** `+CMS ERROR` to everything that is to be sent; null: it is taken. */
  refusal: number | null;
  /** TP-Status of the delivery report of what is sent; null: none comes. */
  reportStatus: number | null;
  /** So many readings come with digits missing. */
  spoiltReads: number;
  /** Commands that begin so are refused. */
  refuses: readonly string[];
};

/** A GSM modem that does not exist, in PDU mode over a real terminal, with a card and a network behind it. */
export function createGsmModem({ port, clock, capacity = 20 }: GsmModemOptions) {
  const store = new GsmStore(capacity);
  const mood: GsmMood = {
    ...{ isAnswering: true, isAnnouncing: true, signal: 18, registration: 'home', sim: 'READY' },
    ...{ refusal: null, reportStatus: 0, spoiltReads: 0, refuses: [] },
  };
  const commands: string[] = [];
  const sent: Submit[] = [];
  let framer = new AtFramer();
  let open: OpenPort | null = null;
  let isEchoing = true;
  let announces = false;
  let tellsCallers = false;
  let awaitsPdu = false;
  let reference = 0;
  let concatenation = 0;

  function write(text: string): void {
    // Unplugged in between: nobody waits for it.
    open?.write(Buffer.from(text, 'latin1')).catch(() => undefined);
  }

  function say(...messages: readonly AtMessage[]): void {
    write(messages.map((message) => `\r\n${encodeLine(message)}\r\n`).join(''));
  }

  const ok: AtMessage = { kind: 'result', result: 'ok' };
  const refuse = (code: number): AtMessage => ({ kind: 'failure', of: 'cms', code });
  const pduLine = (pdu: EncodedPdu): AtMessage => {
    const isSpoilt = mood.spoiltReads > 0;
    if (isSpoilt) mood.spoiltReads -= 1;
    return { kind: 'text', text: isSpoilt ? pdu.hex.slice(0, -4) : pdu.hex };
  };

  function announce(index: number | null): void {
    if (index === null || !announces || !mood.isAnnouncing) return;
    say({ kind: 'stored', what: 'message', slot: { memory: 'SM', index } });
  }

  /** As the table of a modem: what it answers to each command. */
  function answer(command: string): readonly AtMessage[] {
    if (mood.refuses.some((start) => command.startsWith(start))) return [refuse(302)];
    const [, name = '', argument = ''] = /^AT(\+C[A-Z]+|[A-Z]?)[=]?(.*)$/.exec(command) ?? [];
    switch (name) {
      case 'E':
        isEchoing = argument === '1';
        return [ok];
      case '+CPIN':
        return mood.sim === '' ? [{ kind: 'failure', of: 'cme', code: 10 }] : [{ kind: 'sim', state: mood.sim }, ok];
      case '+CNMI':
        announces = argument.startsWith('2,1');
        return [ok];
      case '+CLIP':
        tellsCallers = argument === '1';
        return [ok];
      case '+CSQ':
        return [{ kind: 'signal', level: mood.signal }, ok];
      case '+CREG':
        return [{ kind: 'registration', registration: mood.registration }, ok];
      case '+CPMS': {
        const memory = argument === '?' ? 'SM' : null;
        return [{ kind: 'storage', memory, used: store.used, total: store.capacity }, ok];
      }
      case '+CMGR': {
        const found = store.read(Number(argument));
        return found === undefined
          ? [refuse(321)]
          : [{ kind: 'read', status: found.status, octets: found.tpduOctets }, pduLine(found), ok];
      }
      case '+CMGL': {
        const all = store.indexes().flatMap((index): AtMessage[] => {
          const found = store.read(index);
          if (found === undefined) return [];
          return [{ kind: 'listed', index, status: found.status, octets: found.tpduOctets }, pduLine(found)];
        });
        return [...all, ok];
      }
      case '+CMGD': {
        const came = store.remove(Number(argument));
        setImmediate(() => announce(came));
        return [ok];
      }
      default:
        return command.startsWith('AT') ? [ok] : [{ kind: 'result', result: 'error' }];
    }
  }

  function obey(line: string): void {
    commands.push(line);
    if (!mood.isAnswering) return;
    if (isEchoing) write(`${line}\r`);
    if (line.startsWith('AT+CMGS=')) {
      awaitsPdu = true;
      write('\r\n> ');
    } else say(...answer(line));
  }

  function takePdu(hex: string): void {
    awaitsPdu = false;
    if (!mood.isAnswering) return;
    const submit = decodeSubmit(hex);
    if (submit === null || mood.refusal !== null) {
      say(refuse(mood.refusal ?? 304));
      return;
    }
    reference = (reference + 1) & 0xff;
    sent.push(submit);
    say({ kind: 'sent', reference }, ok);
    if (mood.reportStatus !== null && submit.wantsReport) report(reference, submit.to, mood.reportStatus);
  }

  function report(of: number, to: Address, status: number): void {
    const time = { at: Math.floor(clock.nowMs() / 1000) * 1000, zoneQuarters: 32 };
    const pdu = encodeStatusReport({ kind: 'status-report', reference: of, to, sentAt: time, doneAt: time, status });
    say({ kind: 'direct', what: 'report', octets: pdu.tpduOctets }, { kind: 'text', text: pdu.hex });
  }

  /** What it was told. */
  function forget(): void {
    framer = new AtFramer();
    [isEchoing, announces, tellsCallers, awaitsPdu] = [true, false, false, false];
  }

  /** A PDU ends with Ctrl-Z and is given up with ESC; neither is a line end. */
  function take(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (byte === 0x1b) {
        framer = new AtFramer();
        awaitsPdu = false;
      } else if (byte === 0x1a) {
        for (const frame of framer.push(Uint8Array.of(0x0d))) if (frame.kind === 'line') takePdu(frame.text);
      } else {
        for (const frame of framer.push(Uint8Array.of(byte))) {
          if (frame.kind === 'line' && !awaitsPdu) obey(frame.text);
        }
      }
    }
  }

  function pdusOf(from: string | Address, text: string, at: number): readonly EncodedPdu[] {
    concatenation = (concatenation + 1) & 0xff;
    const parts = splitText(text);
    return parts.map((body, i) =>
      encodeDeliver({
        ...{ kind: 'deliver', from: typeof from === 'string' ? addressOf(from) : from, body },
        time: { at: Math.floor(at / 1000) * 1000, zoneQuarters: 32 },
        part: parts.length === 1 ? null : { bits: 8, reference: concatenation, total: parts.length, number: i + 1 },
      }),
    );
  }

  function bring(pdu: EncodedPdu): void {
    announce(store.add(pdu));
  }

  return {
    mood,
    /** Opens its port. Twice is once; after `stop` again, with what the card holds. */
    start: async (): Promise<void> => {
      open ??= await openPort(port, { onBytes: take, onClosed: () => undefined });
    },
    stop: async (): Promise<void> => {
      const closing = open;
      open = null;
      forget();
      await closing?.close();
    },
    /** It loses its power for a moment, beside a cable that holds. */
    restart: (): void => forget(),
    /** The network brings a text, in as many parts as it needs. */
    receive: (from: string | Address, text: string, at = clock.nowMs()): void => {
      for (const pdu of pdusOf(from, text, at)) bring(pdu);
    },
    /** The parts of a text as the network would bring them; `bring` brings one. */
    pdusOf: (from: string | Address, text: string, at = clock.nowMs()) => pdusOf(from, text, at),
    bring,
    /** Rings once and tells the number where it was asked to. */
    ring: (number: string): void => {
      const isInternational = number.startsWith('+');
      say({ kind: 'ring' });
      if (tellsCallers) say({ kind: 'caller', number: number.replace('+', ''), isInternational });
    },
    /** Any bytes, as noise would come. */
    say: write,
    stored: (): number => store.used,
    /** What the network keeps because the card is full. */
    held: (): number => store.held,
    sent: (): readonly Submit[] => [...sent],
    commands: (): readonly string[] => [...commands],
  };
}

export type GsmModem = ReturnType<typeof createGsmModem>;
