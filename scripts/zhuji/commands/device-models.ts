import { DEVICE_MODELS } from '../../../devices/catalog/models.ts';
import { viewModel } from '../../../gateway/api/routes/view-model.ts';
import { defineCommand } from '../command.ts';
import { formatTable } from '../table.ts';

export const deviceModels = defineCommand({
  name: 'device models',
  summary: 'List the device models that this version knows.',
  options: {},
  run: async ({ json, print }) => {
    if (json) print(JSON.stringify(DEVICE_MODELS.all.map(viewModel)));
    else {
      print(
        formatTable(
          ['MODEL', '', 'NAME', 'PROTOCOL', 'STAYS', 'DIALS 120', 'RAISES'],
          DEVICE_MODELS.all.map(({ id, name, mobility, protocol, dials120, keys, raises }) => [
            id,
            name.zh,
            name.en,
            protocol,
            mobility,
            dials120 ? 'yes' : 'no',
            [...new Set([...keys.map((key) => key.raises), ...raises])].join(' '),
          ]),
        ),
      );
    }
    return 0;
  },
});
