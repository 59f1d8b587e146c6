import type { AuditFault, AuditPage } from '../../../gateway/api/contract/history.ts';
import { defineCommand } from '../command.ts';

/** A chain that is broken everywhere is told by its first places. */
const MOST_FAULTS = 100;

export const auditVerify = defineCommand({
  name: 'audit verify',
  summary: 'Verify the audit chain: finds a change, a gap, a cut tail and a computation anew, and tells where.',
  options: {},
  run: async ({ json, print, client }) => {
    const gateway = await client();
    const faults: AuditFault[] = [];
    const erasures: AuditPage['erasures'] = [];
    let [checked, found, headsCompared] = [0, 0, 0];
    let head: AuditPage['head'] | null = null;
    for (let after: number | null = 0; after !== null;) {
      const page: AuditPage = await gateway.request('GET', `/audit/verification?after=${after}`);
      checked += page.checked;
      headsCompared += page.headsCompared;
      found += page.faults.length;
      faults.push(...page.faults.slice(0, MOST_FAULTS - faults.length));
      erasures.push(...page.erasures);
      head = page.head;
      after = page.next;
    }
    const isWhole = found === 0;
    if (json) {
      print(JSON.stringify({ ok: isWhole, checked, headsCompared, head, faultCount: found, faults, erasures }));
      return isWhole ? 0 : 1;
    }
    for (const { code, seq, detail } of faults) print(`FAULT  ${code} at entry ${seq ?? '-'}: ${detail}`);
    if (found > faults.length) print(`FAULT  and ${found - faults.length} more`);
    for (const { residentId, at, by, ground } of erasures) print(`Erased: ${residentId}, ${at}, by ${by}: ${ground}`);
    print(`${checked} entries, ${headsCompared} heads written elsewhere compared, head ${head?.seq} ${head?.hash}`);
    print(isWhole ? 'The chain is whole.' : 'The chain is NOT whole.');
    return isWhole ? 0 : 1;
  },
});
