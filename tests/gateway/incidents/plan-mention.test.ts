import { describe, expect, test } from 'vitest';
import { planAlarm } from '../../../gateway/incidents/plan-alarm.ts';
import { EMERGENCIES, inputOf, openIncident, pressed } from './build.ts';
import type { AlarmKind } from '../../../devices/event.ts';

function mention(kind: AlarmKind, type: Parameters<typeof pressed>[0], ...open: ReturnType<typeof openIncident>[]) {
  return planAlarm(inputOf(pressed({ ...type, message: { ...type?.message, kind } }), { openOfSubject: open }));
}

describe('A cancel or a restore', () => {
  test.each(EMERGENCIES)('of %s is a note to the operator and closes nothing', (type) => {
    for (const kind of ['cancel', 'restored'] as const) {
      const target = openIncident({ type, state: 'claimed', ownerId: 'u1' });
      const { verdict, plan } = mention(kind, { message: { type } }, target);
      expect(verdict).toBe('mentioned');
      expect(plan.incidents[0]?.record).toEqual({ ...target, version: 2, updatedAt: target.updatedAt + 1 });
      expect(plan.entries[0]).toMatchObject({ type: 'joined', data: { kind, type } });
    }
  });

  test('back within limits is told with what was measured, where it can be erased', () => {
    const measure = { metric: 'spo2', value: 96, unit: '%', limit: 92, side: 'low', forMs: 0 } as const;
    const vitals = openIncident({ type: 'sos', types: ['sos', 'vitals'] });
    const { plan, incidentId } = mention('restored', { message: { type: 'vitals', measure } }, vitals);
    expect(incidentId).toBe(vitals.id);
    expect(plan.incidents[0]?.record.state).toBe('open');
    expect(plan.entries[0]).toMatchObject({ data: { kind: 'restored', type: 'vitals' }, personal: { measure } });
    expect(JSON.stringify(plan.entries.map(({ data }) => data))).not.toContain('spo2');
  });

  test('never quiets what rings', () => {
    const { plan } = mention('cancel', {}, openIncident({ ringing: true }));
    expect(plan.incidents[0]?.record.ringing).toBe(true);
  });

  test('restored closes the technical case of its type, and no other', () => {
    const battery = openIncident({ type: 'low-battery' });
    const mains = openIncident({ type: 'mains-lost' });
    const closed = mention('restored', { message: { type: 'mains-lost' } }, battery, mains);
    expect(closed).toMatchObject({ verdict: 'restored', incidentId: mains.id });
    expect(closed.plan.incidents[0]?.record).toMatchObject({ state: 'resolved', resolution: { outcome: 'technical' } });
    expect(closed.plan.entries.map(({ type }) => type)).toEqual(['joined', 'received', 'resolved']);
    expect(mention('restored', { message: { type: 'tamper' } }, battery, mains).verdict).toBe('logged');
  });

  test('a cancel never closes, not even a technical case', () => {
    const battery = openIncident({ type: 'low-battery' });
    const mains = openIncident({ type: 'mains-lost' });
    const { verdict, incidentId, plan } = mention('cancel', { message: { type: 'mains-lost' } }, battery, mains);
    expect([verdict, incidentId]).toEqual(['mentioned', mains.id]);
    expect(plan.incidents[0]?.record.state).toBe('open');
  });

  test('about nothing that is open is logged, and compared with what may be opening just now', () => {
    const { verdict, plan } = mention('cancel', {});
    expect(verdict).toBe('logged');
    expect(plan.guarded).toContainEqual({ key: '{zj}:index:device:pendant-1', was: null, becomes: null, ttlMs: null });
    expect(mention('cancel', {}, openIncident({ type: 'service' })).verdict).toBe('logged');
  });

  test('a changed battery says nothing about the next press', () => {
    const { plan } = mention('restored', { message: { type: 'low-battery' } }, openIncident({ type: 'low-battery' }));
    const index = plan.guarded.find(({ key }) => key.includes(':index:'));
    expect(JSON.parse(index?.becomes ?? '')).toEqual({ open: [], last: null });
  });
});
