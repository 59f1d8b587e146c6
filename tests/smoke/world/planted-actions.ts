import { expect } from 'vitest';
import type { Incident, IncidentDetail } from '../../../gateway/api/contract/incident.ts';
import type { Resident } from '../../../gateway/api/contract/registry.ts';
import type { UserCreated } from '../../../gateway/api/contract/session.ts';
import type { Scene } from './planted-scene.ts';

/** The rescue of a case by hand, from the helper who is sent to the follow-up, with words in every field that takes some. */
export async function rescue(scene: Scene, resident: Resident): Promise<void> {
  const { planted, admin, answered } = scene;
  const act = async (id: string, name: string, body: object): Promise<Incident> => {
    const answer = await admin.ask<Incident>('POST', `/incidents/${id}/${name}`, body);
    expect(answer.status, `${name} answered ${answer.status} ${JSON.stringify(answer.body)}`).toBe(200);
    answered.push(`POST /api/v1/incidents/${id}/${name}`);
    return answer.body;
  };
  const open = async (field: string): Promise<string> => {
    const body = { type: 'sos', source: 'other', text: planted.text(field) };
    return (await admin.post<Incident>('/incidents', body)).id;
  };
  const hire = async (word: string, role: 'helper' | 'operator'): Promise<string> => {
    const person = { username: planted.word(word), name: planted.text(`${word}.name`), roles: [role], regions: ['*'] };
    const made = await admin.post<UserCreated>('/users', person);
    planted.keep(`${word}.password`, made.password ?? '');
    return made.id;
  };
  const [helperId, colleague] = [await hire('helper', 'helper'), await hire('colleague', 'operator')];

  const id = await open('rescue.text');
  await act(id, 'escalate', {});
  await act(id, 'authority', { service: '120', stage: 'called', ref: planted.text('authority.ref') });
  await act(id, 'dispatch', { helperId });
  await act(id, 'decline', { reason: planted.text('decline.reason') });
  await act(id, 'dispatch', { helperId });
  await act(id, 'accept', { minutes: 5 });
  await act(id, 'arrive', {});
  await act(id, 'no-access', {});
  await act(id, 'with-person', {});
  await act(id, 'shelve', { minutes: 10 });
  await act(id, 'claim', {});
  await act(id, 'handover', { to: colleague });

  const other = await open('other.text');
  const { alarms } = await admin.get<IncidentDetail>(`/incidents/${other}`);
  await act(other, 'merge', { into: id });
  await act(id, 'split', { alarmIds: alarms.map((alarm) => alarm.id) });
  const unknown = await open('unknown.text');
  await act(unknown, 'identify', { residentId: resident.id });
  await act(id, 'resolve', { outcome: 'helped', contact: 'handed-over', text: planted.text('rescue.resolve') });
  await act(id, 'follow-up', { text: planted.text('follow-up.text') });
}
