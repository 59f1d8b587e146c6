import type { RecordedStatus, Resident } from '../../../gateway/api/contract/registry.ts';
import { defineCommand, UsageError } from '../command.ts';
import { formatTable } from '../table.ts';

export const residentStatus = defineCommand({
  name: 'resident status',
  summary: 'Record how things stand with a person, or show what was recorded. An emergency rings whatever it says.',
  argument: { name: 'ID', description: 'The person' },
  options: {
    kind: {
      type: 'string',
      value: 'WORD',
      description: 'at-home, away, hospital, institution, moved, deceased, service-ended; without it only shows',
    },
    from: { type: 'string', value: 'TIME', description: 'Since when, ISO 8601; now when absent' },
    until: { type: 'string', value: 'TIME', description: 'From then on at home again by itself' },
    note: { type: 'string', value: 'TEXT', description: 'What to know about it' },
  },
  run: async ({ json, print, client }, { kind, from, until, note }, id) => {
    if (kind === undefined && [from, until, note].some((value) => value !== undefined)) {
      throw new UsageError('--from, --until and --note go with --kind');
    }
    const gateway = await client();
    const path = `/residents/${encodeURIComponent(id)}`;
    const { status } =
      kind === undefined
        ? await gateway.request<Resident>('GET', path)
        : await gateway.request<Resident>('PUT', `${path}/status`, { kind, from, until, note });
    const { items } = await gateway.request<{ items: RecordedStatus[] }>('GET', `${path}/statuses`);
    if (json) {
      print(JSON.stringify({ residentId: id, status, history: items }));
      return 0;
    }
    print(`Resident ${id}: ${status.kind}${status.from === null ? '' : `, since ${status.from}`}.`);
    if (items.length > 0) {
      print(
        formatTable(
          ['STATUS', 'FROM', 'UNTIL', 'RECORDED', 'BY'],
          items.map((item) => [item.kind, item.from, item.until ?? '-', item.recordedAt, item.recordedBy]),
        ),
      );
    }
    return 0;
  },
});
