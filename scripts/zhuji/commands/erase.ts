import type { ResidentErase, ResidentErased } from '../../../gateway/api/contract/history.ts';
import { defineCommand } from '../command.ts';

export const erase = defineCommand({
  name: 'erase',
  summary:
    'Erase what is personal of a resident. Ids, codes and hashes stay; the audit chain still verifies and says so.',
  options: {
    resident: { type: 'string', value: 'ID', description: 'The resident', required: true },
    ground: {
      type: 'string',
      value: 'TEXT',
      description: 'Law or request, without names: it is kept for ever',
      required: true,
    },
    'dry-run': { type: 'boolean', description: 'Only say what would be erased' },
  },
  run: async ({ json, print, client }, values) => {
    const gateway = await client();
    const body: ResidentErase = { ground: values.ground, dryRun: values['dry-run'] };
    const path = `/residents/${encodeURIComponent(values.resident)}/erase`;
    const erased = await gateway.request<ResidentErased>('POST', path, body);
    if (json) {
      print(JSON.stringify(erased));
      return 0;
    }
    const { incidents, frames, texts, contacts, homes, devices, numbers } = erased.counts;
    const being = erased.dryRun ? 'all' : 'being deleted';
    const readings = erased.counts.readings === null ? `readings: ${being}` : `${erased.counts.readings} readings`;
    print(
      `${erased.dryRun ? 'Would erase' : 'Erased'} ${erased.residentId}: ${frames} frames and ${texts} texts of ` +
        `${incidents} cases, ${contacts} contacts, ${homes} addresses, ${numbers} numbers of devices, ${readings}; ${devices} devices are theirs no longer.`,
    );
    if (!erased.dryRun && !erased.isDone) {
      print('Something is still to follow, by itself: what lies in Redis once it answers, or many readings.');
    }
    return 0;
  },
});
