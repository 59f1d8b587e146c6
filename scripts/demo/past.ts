import type { Logger } from 'pino';
import type { Config } from '../../gateway/config.ts';
import { errorCode } from '../../gateway/errors.ts';
import { findDatabase } from '../find-database.ts';
import { givePast } from '../simulate/give-past.ts';
import { DEMO_HOMES } from './district.ts';

/** As far back as a chart of the page looks by itself. */
const DAYS = 90;

/** What the district's people were measured before the demo was first started, so that no chart begins empty. Never throws. */
export async function giveDistrictPast(config: Config, logger: Logger, print: (text: string) => void): Promise<void> {
  const devices = DEMO_HOMES.flatMap(({ residents, devices: homeDevices }) =>
    homeDevices.flatMap(({ id, model, wornBy }) =>
      wornBy.map((index) => ({ deviceId: id, model, residentId: residents[index]?.id ?? '' })),
    ),
  );
  try {
    const databaseUrl = await findDatabase(config);
    if (databaseUrl === null) return;
    const readingsDays = config.vitalsRetentionDays;
    const now = { nowMs: Date.now(), random: Math.random };
    await givePast({ databaseUrl, readingsDays, devices, days: DAYS, ...now, logger });
  } catch (error) {
    print(`The charts begin with today: the invented past could not be stored (${errorCode(error)}).`);
  }
}
