import type { CaseFile, DeviceContacts } from '../../../gateway/api/contract/history.ts';
import { defineCommand, UsageError } from '../command.ts';
import { formatCase, formatContacts } from '../format-case.ts';

export const caseCommand = defineCommand({
  name: 'case',
  summary:
    'Tell all that is known of a case, or of a device over a span: what came, what did not, who saw it, its proof.',
  argument: { name: 'INCIDENT', description: 'The case; leave it out with --device', optional: true },
  options: {
    device: {
      type: 'string',
      value: 'ID',
      description: 'A device, when there is no case: "we pressed and nobody came"',
    },
    from: { type: 'string', value: 'TIME', description: 'Beginning of the span, ISO 8601' },
    to: { type: 'string', value: 'TIME', description: 'End of the span; 31 days at most' },
  },
  run: async ({ json, print, client }, { device, from, to }, incident) => {
    if ((incident === '') === (device === undefined)) {
      throw new UsageError('Name a case, or a device with --device, --from and --to');
    }
    const gateway = await client();
    if (device === undefined) {
      const file = await gateway.request<CaseFile>('GET', `/incidents/${encodeURIComponent(incident)}/case`);
      print(json ? JSON.stringify(file) : formatCase(file));
      return 0;
    }
    if (from === undefined || to === undefined) throw new UsageError('zhuji case --device needs --from and --to');
    const query = new URLSearchParams({ from: readTime(from), to: readTime(to) });
    const path = `/devices/${encodeURIComponent(device)}/contacts?${query.toString()}`;
    const contacts = await gateway.request<DeviceContacts>('GET', path);
    print(json ? JSON.stringify(contacts) : formatContacts(contacts));
    return 0;
  },
});

function readTime(text: string): string {
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new UsageError(`"${text}" is no time; write it as 2026-11-22T02:13:00+08:00`);
  return new Date(at).toISOString();
}
