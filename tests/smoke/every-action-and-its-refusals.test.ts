import { beforeAll, describe, expect, test } from 'vitest';
import type { ActionBody, ActionName } from '../../gateway/api/contract/actions.ts';
import type { Incident } from '../../gateway/api/contract/incident.ts';
import type { DeviceCreated, Resident } from '../../gateway/api/contract/registry.ts';
import type { Problem } from '../../gateway/api/contract/problem.ts';
import { comeOnDuty } from './world/attendance.ts';
import type { Credentials } from './world/device.ts';
import { hire, type Operator } from './world/operator.ts';
import { addDevice, localClient } from './world/register.ts';
import { openWorld, pressAndSee, type World } from './world/world.ts';

let world: World;
let colleague: Operator;
let elsewhere: Operator;
let supervisor: Operator;
let helper: Operator;
let second: Operator;
beforeAll(async () => {
  world = await openWorld();
  const { gateway, admin } = world;
  colleague = await hire(gateway, admin, { username: 'colleague' });
  elsewhere = await hire(gateway, admin, { username: 'elsewhere', regions: ['other-city'] });
  supervisor = await hire(gateway, admin, { username: 'supervisor', roles: ['supervisor'] });
  helper = await hire(gateway, admin, { username: 'helper', roles: ['helper'] });
  second = await hire(gateway, admin, { username: 'second', roles: ['helper'] });
  // Somebody is on duty there: else every case is shown to everybody at once.
  await comeOnDuty(world.operator);
});

async function open(type = 'sos'): Promise<Incident> {
  return (await pressAndSee(world.feed, await addDevice(world.gateway, { name: '吴奶奶' }), { type })).incident;
}

/** The code of a refusal; fails when it was done. */
async function refused<A extends ActionName>(by: Operator, id: string, name: A, body: ActionBody<A>): Promise<string> {
  const answer = await by.tryTo<A, Problem>(id, name, body);
  if (answer.status < 400) throw new Error(`${name} answered ${answer.status}`);
  return answer.body.code;
}

const lines = async (id: string) => (await world.operator.detail(id)).log.map(({ type }) => type);

describe('A rescue', () => {
  test('from the press to the follow-up, step by step, each with its milestone', async () => {
    const { operator } = world;
    const { id } = await open();
    await operator.act(id, 'claim', {});
    expect(await operator.act(id, 'dispatch', { helperId: helper.user.id })).toMatchObject({ state: 'dispatched' });
    const accepted = await helper.act(id, 'accept', {});
    expect(accepted).toMatchObject({ state: 'accepted', owner: { id: operator.user.id } });
    expect(Date.parse(accepted.promisedAt ?? '') - Date.parse(accepted.updatedAt)).toBe(10 * 60_000);
    expect(await helper.act(id, 'arrive', {})).toMatchObject({ state: 'arrived' });
    expect(await helper.act(id, 'no-access', {})).toMatchObject({ state: 'arrived', ringing: true });
    expect(await operator.act(id, 'authority', { service: '119', stage: 'called', ref: 'A-4711' })).toMatchObject({
      authority: { service: '119', stage: 'called' },
    });
    await operator.act(id, 'authority', { service: '119', stage: 'arrived' });
    expect(await helper.act(id, 'with-person', {})).toMatchObject({ state: 'with-person' });
    expect(await operator.act(id, 'authority', { service: '120', stage: 'took-over' })).toMatchObject({
      state: 'handed-over',
      authority: null,
    });
    await operator.act(id, 'resolve', { outcome: 'hospital', contact: 'handed-over', presses: 1 });
    expect(await colleague.act(id, 'follow-up', { text: '女儿说已经出院' })).toMatchObject({ state: 'resolved' });
    const milestones = ['dispatched', 'accepted', 'arrived', 'authority-called', 'authority-arrived', 'with-person'];
    const log = await lines(id);
    expect(log.filter((type) => milestones.includes(type))).toEqual(milestones);
    expect(log.slice(-2)).toEqual(['follow-up', 'followed-up']);
  });

  test('is answered for by who was sent: others are not there, and a helper does no operator’s work', async () => {
    const { operator } = world;
    const { id } = await open();
    await operator.act(id, 'claim', {});
    expect(await refused(helper, id, 'accept', {})).toBe('not-found');
    await operator.act(id, 'dispatch', { helperId: helper.user.id });
    expect(await refused(second, id, 'accept', {})).toBe('not-found');
    expect(await refused(helper, id, 'claim', {})).toBe('forbidden');
    expect(await refused(helper, id, 'resolve', { outcome: 'helped', contact: 'spoke-with-person' })).toBe('forbidden');
    expect(await helper.act(id, 'decline', {})).toMatchObject({ state: 'claimed', helper: null });
    await operator.act(id, 'dispatch', { helperId: second.user.id });
    await second.act(id, 'accept', { minutes: 3 });
    expect(await refused(helper, id, 'accept', {})).toBe('claimed-by-other');
    expect(await refused(operator, id, 'dispatch', { helperId: colleague.user.id })).toBe('bad-request');
    await operator.act(id, 'resolve', { outcome: 'helped', contact: 'seen-by', name: '助老员' });
    expect(await refused(second, id, 'arrive', {})).toBe('wrong-state');
  });
});

describe('Who has a case', () => {
  test('hands it over to whom they name, and has it until that person takes it', async () => {
    const { operator } = world;
    const { id } = await open('service');
    await operator.act(id, 'claim', {});
    expect(await refused(colleague, id, 'handover', { to: colleague.user.id })).toBe('claimed-by-other');
    for (const to of [operator.user.id, helper.user.id, elsewhere.user.id, 'nobody']) {
      expect(await refused(operator, id, 'handover', { to })).toBe('bad-request');
    }
    const offered = await operator.act(id, 'handover', { to: colleague.user.id });
    expect(offered).toMatchObject({ owner: { id: operator.user.id }, handoverTo: { id: colleague.user.id } });
    expect(await refused(supervisor, id, 'claim', {})).toBe('claimed-by-other');
    expect(await colleague.act(id, 'claim', {})).toMatchObject({ owner: { id: colleague.user.id }, handoverTo: null });
    expect(await refused(operator, id, 'release', {})).toBe('claimed-by-other');
  });

  test('does not lose it to a colleague who helps', async () => {
    const { operator } = world;
    const { id } = await open();
    await operator.act(id, 'claim', {});
    await colleague.act(id, 'call', { number: '+8657412345678', result: 'no-answer' });
    await colleague.act(id, 'dispatch', { helperId: helper.user.id });
    expect(await colleague.act(id, 'escalate', {})).toMatchObject({ owner: { id: operator.user.id }, ringing: true });
    expect(await refused(colleague, id, 'shelve', { minutes: 5 })).toBe('claimed-by-other');
  });
});

describe('Refused is', () => {
  test('a shelf that is too long, a follow-up before the end, and a closing over a press that was not seen', async () => {
    const { operator, feed, gateway } = world;
    const device = await addDevice(gateway, { name: '吴奶奶' });
    const { incident } = await pressAndSee(feed, device, { type: 'sos', id: '1', at: Date.now() });
    const { id } = incident;
    expect(await refused(operator, id, 'shelve', { minutes: 31 })).toBe('bad-request');
    expect(await refused(operator, id, 'follow-up', { text: '早了' })).toBe('wrong-state');
    await pressAndSee(feed, device, { type: 'sos', id: '2', at: Date.now() });
    const close = { outcome: 'helped', contact: 'spoke-with-person' } as const;
    expect(await refused(operator, id, 'resolve', { ...close, presses: 1 })).toBe('wrong-state');
    expect(await operator.act(id, 'resolve', { ...close, presses: 2 })).toMatchObject({ state: 'resolved' });
  });

  test('every action on a case of another region, and of none', async () => {
    const { incident } = await pressAndSee(world.feed, await addDevice(world.gateway, { name: '吴奶奶' }), {
      type: 'service',
    });
    expect(incident.forAll).toBe(false);
    expect(await refused(elsewhere, incident.id, 'claim', {})).toBe('not-found');
    expect(await refused(world.operator, 'inc-none', 'escalate', {})).toBe('not-found');
  });
});

describe('Cases that are one, or two', () => {
  /** A couple with a phone that both use and a pendant of hers. */
  async function addCouple() {
    const { gateway, admin } = world;
    const client = localClient(gateway);
    const wang = await client.request<Resident>('POST', '/residents', { name: '王秀英', region: 'test-city' });
    const li = await client.request<Resident>('POST', '/residents', { name: '李大爷', homeId: wang.homeId });
    const add = async (residentIds: readonly string[]): Promise<Credentials> => {
      const added = await admin.post<DeviceCreated>('/devices', { model: 'generic-one-touch', residentIds });
      return { ...added, deviceId: added.id, mqttUrl: gateway.mqttUrl };
    };
    return { wang, li, phone: await add([wang.id, li.id]), pendant: await add([wang.id]) };
  }

  test('merged, the next press of either device joins; split, the alarm rings by itself', async () => {
    const { operator, feed } = world;
    const { wang, li, phone, pendant } = await addCouple();
    const { incident: shared } = await pressAndSee(feed, phone, { type: 'sos' });
    const { incident: hers } = await pressAndSee(feed, pendant, { type: 'fall' });
    expect(shared).toMatchObject({ residentId: null, candidates: expect.arrayContaining([wang.id, li.id]) });
    expect(shared.id).not.toBe(hers.id);
    await operator.act(shared.id, 'claim', {});
    expect(await refused(operator, shared.id, 'merge', { into: shared.id })).toBe('bad-request');
    expect(await refused(operator, shared.id, 'merge', { into: 'inc-none' })).toBe('not-found');
    const merged = await operator.act(shared.id, 'merge', { into: hers.id });
    expect(merged).toMatchObject({ state: 'resolved', mergedInto: hers.id });
    expect((await operator.detail(shared.id)).alarms).toEqual([]);
    const whole = await operator.detail(hers.id);
    expect(whole).toMatchObject({ presses: 2, owner: { id: operator.user.id }, types: ['fall', 'sos'] });
    expect(whole.alarms).toHaveLength(2);
    const again = await pressAndSee(feed, phone, { type: 'panic' });
    expect(again.incident).toMatchObject({ id: hers.id, presses: 3, ringing: true });

    const alarm = (await operator.detail(hers.id)).alarms.find(({ type }) => type === 'panic');
    const alarmIds = [alarm?.id ?? ''];
    expect(await refused(operator, hers.id, 'split', { alarmIds: ['nothing'] })).toBe('bad-request');
    const rest = await operator.act(hers.id, 'split', { alarmIds });
    expect(rest).toMatchObject({ presses: 2, types: ['fall', 'sos'] });
    const { incident: apart } = await feed.until(
      ({ entry }) => entry.type === 'opened' && entry.data['from'] === hers.id,
      'the case that was split off',
    );
    expect(apart).toMatchObject({ state: 'open', ringing: true, presses: 1, type: 'panic', owner: null });
    expect((await operator.detail(apart.id)).alarms.map(({ id }) => id)).toEqual(alarmIds);
    expect(await refused(operator, hers.id, 'split', { alarmIds })).toBe('bad-request');
  });

  test('of an uncertain person, once said whose it is, is joined by that person’s own device', async () => {
    const { operator, feed } = world;
    const { wang, li, phone, pendant } = await addCouple();
    const { incident } = await pressAndSee(feed, phone, { type: 'sos' });
    const other = await addDevice(world.gateway, { name: '外人' });
    expect(await refused(operator, incident.id, 'identify', { residentId: other.residentId ?? '' })).toBe(
      'bad-request',
    );
    expect(await operator.act(incident.id, 'identify', { residentId: li.id })).toMatchObject({ residentId: li.id });
    expect(await operator.act(incident.id, 'identify', { residentId: wang.id })).toMatchObject({ residentId: wang.id });
    const joined = await pressAndSee(feed, pendant, { type: 'sos' });
    expect(joined.incident).toMatchObject({ id: incident.id, presses: 2 });
    expect((await pressAndSee(feed, phone, { type: 'panic' })).incident).toMatchObject({ id: incident.id, presses: 3 });
  });

  test('by hand for somebody who has an open emergency is that emergency, and says so', async () => {
    const { operator } = world;
    const incident = await open();
    const body = { residentId: incident.residentId, type: 'fall', source: 'phone', callerNumber: '+8613900001111' };
    const answer = await operator.ask<Incident>('POST', '/incidents', body);
    expect(answer).toMatchObject({ status: 200, body: { id: incident.id, presses: 2, types: ['sos', 'fall'] } });
    const { log } = await operator.detail(incident.id);
    expect(log.find(({ type }) => type === 'joined')?.data).toMatchObject({ byHand: 'phone' });
  });
});
