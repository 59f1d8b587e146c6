import type { Command } from './command.ts';
import { auditVerify } from './commands/audit-verify.ts';
import { backup } from './commands/backup.ts';
import { bench } from './commands/bench.ts';
import { caseCommand } from './commands/case.ts';
import { config } from './commands/config.ts';
import { demo } from './commands/demo.ts';
import { deviceAdd } from './commands/device-add.ts';
import { deviceAddress } from './commands/device-address.ts';
import { deviceBind } from './commands/device-bind.ts';
import { deviceConfirm } from './commands/device-confirm.ts';
import { deviceFrames } from './commands/device-frames.ts';
import { deviceList } from './commands/device-list.ts';
import { deviceModels } from './commands/device-models.ts';
import { deviceRemove, deviceRetire } from './commands/device-remove.ts';
import { deviceSecret } from './commands/device-secret.ts';
import { erase } from './commands/erase.ts';
import { frames } from './commands/frames.ts';
import { replay } from './commands/replay.ts';
import { residentAdd } from './commands/resident-add.ts';
import { residentLimits } from './commands/resident-limits.ts';
import { residentList } from './commands/resident-list.ts';
import { residentStatus } from './commands/resident-status.ts';
import { restore } from './commands/restore.ts';
import { serve } from './commands/serve.ts';
import { simulate } from './commands/simulate.ts';
import { userAdd } from './commands/user-add.ts';
import { userList } from './commands/user-list.ts';

/** Every subcommand, in the order in which people meet them. */
export const COMMANDS: readonly Command[] = [
  serve,
  demo,
  config,
  residentAdd,
  residentList,
  residentStatus,
  residentLimits,
  deviceAdd,
  deviceList,
  deviceBind,
  deviceAddress,
  deviceConfirm,
  deviceFrames,
  deviceSecret,
  deviceRetire,
  deviceRemove,
  deviceModels,
  frames,
  userAdd,
  userList,
  simulate,
  replay,
  bench,
  caseCommand,
  auditVerify,
  erase,
  backup,
  restore,
];
