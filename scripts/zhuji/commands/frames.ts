import { defineCommand } from '../command.ts';
import { FRAME_OPTIONS, loadFrames, printFrames } from '../read-frames.ts';

export const frames = defineCommand({
  name: 'frames',
  summary: 'Show what came over a link and belongs to no device of the register, the newest first.',
  options: {
    link: { type: 'string', value: 'LINK', description: 'mqtt, dc09, or the name of a serial port', required: true },
    ...FRAME_OPTIONS,
  },
  run: async (context, values) => {
    const client = await context.client();
    printFrames(context, await loadFrames(client, `/frames?link=${encodeURIComponent(values.link)}`, values));
    return 0;
  },
});
