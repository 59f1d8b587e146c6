import { describeSettings, isFaulty, loadConfig } from '../../../gateway/config.ts';
import { formatFault } from '../../../gateway/config-error.ts';
import { readSecretFiles } from '../../../gateway/secret-files.ts';
import { defineCommand } from '../command.ts';
import { formatTable } from '../table.ts';

export const config = defineCommand({
  name: 'config',
  summary: 'Show every setting with its meaning, range and value, and whether the gateway would start with them.',
  options: {},
  run: async ({ env, json, print, printError }) => {
    const files = await readSecretFiles(env);
    const settings = describeSettings(files.env);
    const loaded = loadConfig(files.env);
    const faults = [...files.faults, ...(isFaulty(loaded) ? loaded : [])];
    if (json) {
      print(JSON.stringify({ settings, faults }));
    } else {
      print(
        formatTable(
          ['SETTING', 'VALUE', 'DEFAULT', 'RANGE', 'MEANING'],
          settings.map((row) => [
            row.key,
            row.value ?? '-',
            String(row.default ?? '-'),
            row.unit === null ? row.range : `${row.range} (${row.unit})`,
            row.description,
          ]),
        ),
      );
      for (const fault of faults) printError(formatFault(fault));
    }
    return faults.length === 0 ? 0 : 1;
  },
});
