import { DEVICE_MODELS } from '../../../devices/catalog/models.ts';
import { defineCommand } from '../command.ts';
import { formatTable } from '../table.ts';

export const deviceModels = defineCommand({
  name: 'device models',
  summary: 'List the device models that this version knows.',
  options: {},
  run: async ({ json, print }) => {
    if (json) print(JSON.stringify(DEVICE_MODELS.all));
    else {
      print(
        formatTable(
          ['MODEL', '', 'NAME', 'STAYS', 'RAISES'],
          DEVICE_MODELS.all.map(({ id, name, mobility, keys, raises }) => [
            id,
            name.zh,
            name.en,
            mobility,
            [...new Set([...keys.map((key) => key.raises), ...raises])].join(' '),
          ]),
        ),
      );
    }
    return 0;
  },
});
