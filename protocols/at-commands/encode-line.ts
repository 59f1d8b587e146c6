import type { AtMessage, Registration, Result } from './message.ts';

const RESULTS: Readonly<Record<Result, string>> = {
  ok: 'OK',
  error: 'ERROR',
  connect: 'CONNECT',
  'no-carrier': 'NO CARRIER',
  'no-dialtone': 'NO DIALTONE',
  busy: 'BUSY',
  'no-answer': 'NO ANSWER',
};

const REGISTRATIONS: Readonly<Record<Registration, number>> = {
  off: 0,
  home: 1,
  searching: 2,
  denied: 3,
  unknown: 4,
  roaming: 5,
};

/** The line as a modem says it, without its line end; for simulators and tests. */
export function encodeLine(message: AtMessage): string {
  switch (message.kind) {
    case 'result':
      return RESULTS[message.result];
    case 'failure':
      return `+${message.of.toUpperCase()} ERROR: ${message.code ?? 'failed'}`;
    case 'stored':
      return `${message.what === 'message' ? '+CMTI' : '+CDSI'}: "${message.slot.memory}",${message.slot.index}`;
    case 'direct':
      return message.what === 'message' ? `+CMT: ,${message.octets}` : `+CDS: ${message.octets}`;
    case 'read':
      return `+CMGR: ${message.status},,${message.octets}`;
    case 'listed':
      return `+CMGL: ${message.index},${message.status},,${message.octets}`;
    case 'sent':
      return `+CMGS: ${message.reference}`;
    case 'signal':
      return `+CSQ: ${message.level ?? 99},99`;
    case 'registration':
      return `+CREG: 0,${REGISTRATIONS[message.registration]}`;
    case 'sim':
      return `+CPIN: ${message.state}`;
    case 'ring':
      return 'RING';
    case 'caller':
      return `+CLIP: "${message.isInternational ? '+' : ''}${message.number ?? ''}",${message.isInternational ? 145 : 129}`;
    case 'storage':
      return message.memory === null
        ? `+CPMS: ${message.used},${message.total},${message.used},${message.total},${message.used},${message.total}`
        : `+CPMS: "${message.memory}",${message.used},${message.total}`;
    case 'text':
      return message.text;
  }
}
