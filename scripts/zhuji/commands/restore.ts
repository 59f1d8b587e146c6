import { defineCommand } from '../command.ts';

export const restore = defineCommand({
  name: 'restore',
  summary: 'Fill an empty database from a backup, with the gateway stopped, and verify the audit chain.',
  argument: { name: 'FILE', description: 'What `zhuji backup` wrote' },
  options: { 'dry-run': { type: 'boolean', description: 'Only read it to its end and say what is in it' } },
  run: async (context, values, path) => {
    // Loaded here alone: the other commands need nothing of it and start faster.
    const { restoreSite } = await import('../restore-site.ts');
    return restoreSite(context, values['dry-run'], path);
  },
});
