import { defineCommand } from '../command.ts';
import { FRAME_OPTIONS, loadFrames, printFrames } from '../read-frames.ts';

export const deviceFrames = defineCommand({
  name: 'device frames',
  summary: 'Show what a device sent and was answered, as it was on the wire, the newest first.',
  argument: { name: 'ID', description: 'The device' },
  options: FRAME_OPTIONS,
  run: async (context, values, id) => {
    const client = await context.client();
    printFrames(context, await loadFrames(client, `/devices/${encodeURIComponent(id)}/frames`, values));
    return 0;
  },
});
