import { expect, test } from 'vitest';
import { createArchive } from '../../../gateway/history/archive.ts';
import { createArchivedStore } from '../../../gateway/history/archived-store.ts';
import { loadCaseFile } from '../../../gateway/history/case-file.ts';
import type { Command } from '../../../gateway/incidents/command.ts';
import { operator, pressed } from '../incidents/build.ts';
import { openGateway } from '../incidents/world.ts';
import { openHistory } from './world.ts';

test('alarms that went to another case by a merge, and back by a split, stand with it in Postgres too', async () => {
  const history = await openHistory();
  const { store, decide, commands } = await openGateway(history.redisUrl);
  const archive = createArchive(history.pool);
  const shown = createArchivedStore(store, archive);
  const caseOf = async (id: string) => {
    const file = await loadCaseFile(history.pool, id, Date.now());
    expect(file?.chain.faults).toEqual([]);
    return file?.alarms.map((alarm) => alarm.id);
  };
  const press = async (deviceId: string) => {
    const event = pressed({ deviceId });
    return { event, id: (await decide(event, null)).incidentId ?? '' };
  };
  const act = (incidentId: string, command: Command) =>
    commands({ incidentId, command, actor: operator, commandId: null, mayAct: () => true });
  const archived = async (id: string) => (await archive.loadEvents(id)).map((event) => event.id);

  const [phone, pendant] = [await press('phone'), await press('pendant')];
  expect((await act(phone.id, { name: 'merge', body: { into: pendant.id } })).kind).toBe('done');
  await history.takeAll();
  // In order of their ids there, in order of their coming here.
  expect(await archived(pendant.id)).toEqual([phone.event.id, pendant.event.id]);
  expect(await archived(phone.id)).toEqual([]);
  expect((await store.loadEvents(pendant.id)).map(({ id }) => id)).toEqual([pendant.event.id, phone.event.id]);
  expect(await shown.loadEvents(phone.id)).toEqual([]);
  expect(await caseOf(pendant.id)).toEqual([phone.event.id, pendant.event.id]);
  expect(await caseOf(phone.id)).toEqual([]);
  // Taken out of the case that it went to, it is missed there too.
  await history.rows('create table kept as table events');
  await history.rows('update events set incident_id = null where id = $1', [phone.event.id]);
  const faults = (await loadCaseFile(history.pool, pendant.id, Date.now()))?.chain.faults;
  expect(faults?.map(({ code }) => code)).toEqual(['row-changed']);
  await history.rows('update events set incident_id = kept.incident_id from kept where kept.id = events.id');

  expect((await act(pendant.id, { name: 'split', body: { alarmIds: [phone.event.id] } })).kind).toBe('done');
  await history.takeAll();
  const fresh = (await store.loadOpen()).find(({ id }) => id !== pendant.id)?.id ?? '';
  expect(await archived(pendant.id)).toEqual([pendant.event.id]);
  expect(await archived(fresh)).toEqual([phone.event.id]);
  expect(await caseOf(pendant.id)).toEqual([pendant.event.id]);
  expect(await caseOf(fresh)).toEqual([phone.event.id]);
  expect((await store.loadEvents(fresh)).map(({ id }) => id)).toEqual([phone.event.id]);
});
