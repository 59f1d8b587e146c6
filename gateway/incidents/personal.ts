import { formatIso } from '../clock.ts';
import type { Command } from './command.ts';
import type { EntryDraft } from './commit.ts';

type Split = { readonly data: EntryDraft['data']; readonly personal: Readonly<Record<string, unknown>> | null };

/** Codes, ids and times go into the log; what people said, names and numbers beside it (design §7). */
export function splitPersonal(command: Command): Split {
  switch (command.name) {
    case 'note':
      return { data: {}, personal: { text: command.body.text } };
    case 'contact':
      return { data: { kind: command.body.kind }, personal: keepSaid({ text: command.body.text }) };
    case 'call': {
      const { contactId, number, result } = command.body;
      return { data: keepSaid({ contactId, result }) ?? {}, personal: keepSaid({ number }) };
    }
    case 'resolve': {
      const { outcome, contact, name, text } = command.body;
      return { data: { outcome, contact: contact ?? null }, personal: keepSaid({ name, text }) };
    }
    case 'seen': {
      const { received, painted, sounded } = command.body;
      const times = { received: readTime(received), painted: readTime(painted), sounded: readTime(sounded) };
      return { data: keepSaid(times) ?? {}, personal: null };
    }
    default:
      return { data: {}, personal: null };
  }
}

/** A console's own clock, written anew: whatever else came in the field does not reach the log. */
function readTime(text: string | undefined): string | undefined {
  const at = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(at) ? undefined : formatIso(at);
}

function keepSaid(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> | null {
  const said = Object.entries(fields).filter(([, value]) => value !== undefined);
  return said.length === 0 ? null : Object.fromEntries(said);
}
