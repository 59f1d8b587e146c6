import { Compile } from 'typebox/compile';
import { expect, test } from 'vitest';
import { ResidentLimits } from '../../../gateway/api/contract/limits.ts';
import { buildDirectory } from '../../../gateway/registry/build-directory.ts';
import { loadSnapshot } from '../../../gateway/registry/snapshot.ts';
import { until } from '../../harness/until.ts';
import { createDatabase } from '../../harness/postgres.ts';
import { scratchDir } from '../../harness/scratch.ts';
import { call, logIn, startAsAdmin, startRegisterServer } from './register-server.ts';

const OWN = { metric: 'spo2', low: 86, high: null };

test('a person has the defaults until limits of their own are recorded, and again when these are taken back', async () => {
  const { ask, addUser, read, noted } = await startAsAdmin();
  const { body } = await ask('POST', '/residents', { name: 'x', region: 'yuyao' });
  const path = `/residents/${body.id}/limits`;
  const before = await ask('GET', path);
  expect(before).toMatchObject({ status: 200, body: { recordedAt: null, recordedBy: null } });
  expect(Compile(ResidentLimits).Check(before.body)).toBe(true);
  expect(before.body.limits).toContainEqual({ metric: 'spo2', low: 92, high: null, unit: '%', source: 'NEWS2 2017' });
  read.length = 0;
  noted.length = 0;

  const supervisor = await addUser('boss', ['supervisor'], ['yuyao']);
  const weight = { metric: 'weight', low: 45, high: 80 };
  const put = await ask('PUT', path, { limits: [OWN, weight] }, supervisor);
  expect(put.status).toBe(200);
  expect(Compile(ResidentLimits).Check(put.body)).toBe(true);
  expect(put.body.recordedBy).toMatch(/^user:/);
  expect(put.body.limits.filter(({ source }: { source: string }) => source === 'own')).toEqual([
    { ...OWN, unit: '%', source: 'own' },
    { ...weight, unit: 'kg', source: 'own' },
  ]);
  expect((await ask('GET', path)).body).toEqual(put.body);
  expect(noted.some((line) => line.startsWith('limits-recorded user:'))).toBe(true);
  expect(read.filter((line) => line.endsWith(` ${body.id}`))).toHaveLength(1);

  const back = await ask('PUT', path, { limits: [] }, supervisor);
  expect(back.body.limits).toEqual(before.body.limits);
});

test('limits that nothing can be beyond, and people who may not, are refused', async () => {
  const { ask, addUser } = await startAsAdmin();
  const { body } = await ask('POST', '/residents', { name: 'x', region: 'yuyao' });
  const path = `/residents/${body.id}/limits`;
  const wrong: readonly unknown[] = [
    { limits: [{ metric: 'mood', low: 1, high: 2 }] },
    { limits: [{ metric: 'spo2', low: 95, high: 90 }] },
    { limits: [{ metric: 'spo2', low: 20, high: null }] },
    { limits: [{ metric: 'spo2', low: null, high: 100 }] },
    { limits: [OWN, OWN] },
    { limits: [{ metric: 'spo2' }] },
    {},
  ];
  for (const each of wrong) expect((await ask('PUT', path, each)).body.code, JSON.stringify(each)).toBe('bad-request');
  const operator = await addUser('desk', ['operator'], ['yuyao']);
  const stranger = await addUser('far', ['supervisor'], ['cixi']);
  expect((await ask('GET', path, undefined, operator)).status).toBe(200);
  expect((await ask('PUT', path, { limits: [OWN] }, operator)).body.code).toBe('forbidden');
  expect((await ask('GET', path, undefined, stranger)).body.code).toBe('not-found');
  expect((await ask('PUT', path, { limits: [OWN] }, stranger)).body.code).toBe('not-found');
  expect((await ask('GET', '/residents/none/limits')).body.code).toBe('not-found');
  expect((await ask('GET', path)).body.recordedAt).toBeNull();
});

test('they are in the snapshot: a gateway that starts without Postgres knows what is well for whom', async () => {
  const { databaseUrl } = await createDatabase();
  const dataDir = await scratchDir();
  const { url } = await startRegisterServer({ databaseUrl, dataDir });
  const admin = await logIn(url);
  const ask = (method: string, path: string, body: unknown) => call(url, method, `/api/v1${path}`, { as: admin, body });
  const { body } = await ask('POST', '/residents', { name: 'x', region: 'yuyao' });
  await ask('PUT', `/residents/${body.id}/limits`, { limits: [{ ...OWN, low: 80 }] });
  await ask('PUT', `/residents/${body.id}/limits`, { limits: [OWN] });
  const saved = await until(
    async () => {
      const rows = (await loadSnapshot(dataDir))?.rows;
      const limits = rows === undefined ? [] : buildDirectory(rows).limitsOf(body.id).limits;
      return limits[0]?.low === OWN.low ? limits : null;
    },
    { timeoutMs: 30_000, what: 'the limits in the snapshot' },
  );
  expect(saved).toEqual([OWN]);
});
