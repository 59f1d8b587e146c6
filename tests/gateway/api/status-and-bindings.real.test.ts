import { Compile } from 'typebox/compile';
import { expect, test } from 'vitest';
import { DeviceCreated, RecordedStatus } from '../../../gateway/api/contract/registry.ts';
import { startAsAdmin } from './register-server.ts';

test('another secret is in effect at once, the one before counts no longer, and a retired device gets none', async () => {
  const { ask, registry, revoked } = await startAsAdmin();
  const first = await ask('POST', '/devices', { model: 'generic-pendant', id: 'pendant-1' });
  const second = await ask('POST', '/devices/pendant-1/secret');
  expect(second.status).toBe(201);
  expect(Compile(DeviceCreated).Check(second.body)).toBe(true);
  // Added, and given another secret.
  expect(revoked).toEqual(['pendant-1', 'pendant-1']);
  const standingOf = (password: string) => registry.directory().standingOf('pendant-1', Buffer.from(password));
  expect([standingOf(first.body.password), standingOf(second.body.password)]).toEqual(['unverified', 'verified']);
  await ask('DELETE', '/devices/pendant-1');
  expect((await ask('POST', '/devices/pendant-1/secret')).body.code).toBe('conflict');
  expect((await ask('PUT', '/devices/pendant-1/binding', { residentIds: [] })).body.code).toBe('conflict');
  expect((await ask('POST', '/devices/none/secret')).body.code).toBe('not-found');
});

test('a status is recorded by whom it may be, ends by itself, and its history is kept', async () => {
  const { ask, addUser } = await startAsAdmin();
  const { body } = await ask('POST', '/residents', { name: 'x', region: 'yuyao' });
  expect(body.status).toEqual({ kind: 'at-home', from: null, until: null, note: null });
  const path = `/residents/${body.id}`;
  const from = new Date(Date.now() - 60_000).toISOString();
  const until = new Date(Date.now() + 1_500).toISOString();
  const supervisor = await addUser('boss', ['supervisor'], ['yuyao']);
  const put = await ask('PUT', `${path}/status`, { kind: 'hospital', from, until, note: 'hip' }, supervisor);
  expect(put).toMatchObject({ status: 200, body: { status: { kind: 'hospital', from, until, note: 'hip' } } });
  await expect.poll(async () => (await ask('GET', path)).body.status.kind, { timeout: 30_000 }).toBe('at-home');
  await ask('PUT', `${path}/status`, { kind: 'moved' });
  const { body: history } = await ask('GET', `${path}/statuses`);
  expect(history.items).toMatchObject([
    { kind: 'moved', until: null },
    { kind: 'hospital', from, until },
  ]);
  for (const item of history.items) expect(Compile(RecordedStatus).Check(item)).toBe(true);
  const wrong: readonly unknown[] = [
    { kind: 'gone' },
    { kind: 'away', from, until: from },
    { kind: 'away', from: '2026-12-31T23:59:60Z' },
    { kind: 'away', from: 'yesterday' },
  ];
  for (const each of wrong) expect((await ask('PUT', `${path}/status`, each)).body.code).toBe('bad-request');
  expect((await ask('PUT', '/residents/none/status', { kind: 'away' })).body.code).toBe('not-found');
});

test('every handing-on, secret, end and status leaves a trace, without what it says of anybody’s health', async () => {
  const { ask, noted } = await startAsAdmin();
  const { body } = await ask('POST', '/residents', { name: 'x', region: 'yuyao' });
  await ask('POST', '/devices', { model: 'generic-pendant', id: 'pendant-1' });
  noted.length = 0;
  await ask('PUT', '/devices/pendant-1/binding', { residentIds: [body.id] });
  await ask('POST', '/devices/pendant-1/secret');
  await ask('DELETE', '/devices/pendant-1');
  await ask('PUT', `/residents/${body.id}/status`, { kind: 'hospital', note: 'hip' });
  expect(noted.map((line) => line.split(' ')[0])).toEqual([
    'device-bound',
    'device-secret',
    'device-retired',
    'status-recorded',
  ]);
});
