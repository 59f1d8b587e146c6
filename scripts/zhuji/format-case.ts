import type { CaseFile, CaseStep, DeviceContact, DeviceContacts } from '../../gateway/api/contract/history.ts';

/** A case for people, in the order in which one asks. */
export function formatCase(file: CaseFile): string {
  const { answer } = file;
  const lines = [
    `Case ${file.id}: ${file.type}, priority ${file.priority}, ${file.state}`,
    `  resident ${file.residentId ?? '-'}, device ${file.deviceId ?? '-'}, region ${file.region ?? '-'}`,
    `  opened ${file.openedAt}, closed ${file.closedAt ?? 'not yet'}`,
    ...(file.erased === null
      ? []
      : [`  ERASED ${file.erased.at} by ${file.erased.by}, on the ground: ${file.erased.ground}`]),
    '',
    `Answer time: ${formatSpan(answer.answerMs)}${answer.by === null ? '' : ` (first ${answer.by}, ${answer.answeredAt})`}`,
    `Claim time: ${formatSpan(answer.claimMs)}${answer.claimedAt === null ? '' : ` (${answer.claimedAt})`}`,
    '',
    'What came',
    ...file.alarms.map(formatAlarm),
    '',
    'Who saw it',
    ...orNothing(file.seen.map(formatStep)),
    '',
    'Notices and receipts',
    ...orNothing(file.notifications.map(formatStep)),
    '',
    'Every step',
    ...file.steps.map(formatStep),
    ...(file.isCut ? ['  … there are more'] : []),
    '',
    ...(file.device === null ? formatGateways(file.gateways) : [formatContacts(file.device)]),
    '',
    file.chain.ok
      ? `Proof: its ${file.chain.checked} entries of the audit chain are whole.`
      : 'Proof: its entries of the audit chain are NOT whole.',
    ...file.chain.faults.map(({ code, seq, detail }) => `  FAULT ${code} at entry ${seq ?? '-'}: ${detail}`),
  ];
  return lines.join('\n');
}

/** A device over a span, for people. */
export function formatContacts(contacts: DeviceContacts): string {
  const { before, after } = contacts;
  const lines = [
    `Device ${contacts.deviceId} from ${contacts.from} to ${contacts.to}`,
    `  last sign of life before: ${before === null ? 'none is known' : formatContact(before).trim()}`,
    ...orNothing(contacts.items.map(formatContact)),
    ...(contacts.isCut ? ['  … there are more; ask for a shorter span'] : []),
    `  first sign of life after: ${after === null ? 'none until now' : formatContact(after).trim()}`,
    `  cases: ${contacts.incidents.map(({ id, type, openedAt }) => `${id} (${type}, ${openedAt})`).join(', ') || 'none'}`,
    '',
    ...formatGateways(contacts.gateways),
  ];
  return lines.join('\n');
}

function formatGateways({ gateways, down, degraded }: CaseFile['gateways']): string[] {
  return [
    `Gateways: ${gateways.join(', ') || 'none told of any minute of these days'}`,
    ...down.map(({ gatewayId, from, until }) => `  NOT UP ${gatewayId} from ${from} until ${until}`),
    ...degraded.map(
      ({ gatewayId, minute, faults, latenessMs }) =>
        `  degraded ${gatewayId} ${minute}: ${faults.join(', ')}${latenessMs > 0 ? `, deadlines ${latenessMs} ms late` : ''}`,
    ),
    ...(down.length + degraded.length === 0 && gateways.length > 0 ? ['  up and well in every minute'] : []),
  ];
}

function formatAlarm({ id, receivedAt, kind, type, deviceId, standing, raw }: CaseFile['alarms'][number]): string {
  const frame = raw === null ? 'frame erased' : `frame of ${Buffer.from(raw, 'base64').length} bytes kept`;
  return `  ${receivedAt}  ${kind ?? '?'} ${type ?? ''} from ${deviceId ?? 'a person'} (${standing ?? '?'}), ${frame}, ${id}`;
}

function formatContact({ at, kind, gatewayId, data }: DeviceContact): string {
  return `  ${at}  ${kind}${formatData(data)} (${gatewayId})`;
}

function formatStep({ at, type, actor, data }: CaseStep): string {
  return `  ${at}  ${type} by ${actor}${formatData(data)}`;
}

function formatData(data: Readonly<Record<string, unknown>>): string {
  const told = Object.entries(data).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return told.length === 0 ? '' : `  ${told.join(' ')}`;
}

function orNothing(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? ['  nothing'] : lines;
}

function formatSpan(ms: number | null): string {
  return ms === null ? 'never' : `${(ms / 1000).toFixed(1)} s`;
}
