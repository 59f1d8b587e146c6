import { keepGiven, type ActionTable } from './action.ts';

const EVENTS = {
  called: 'authority-called',
  arrived: 'authority-arrived',
  'took-over': 'took-over',
} as const;

const MILESTONES = {
  called: 'authority-called',
  arrived: 'authority-arrived',
  'took-over': 'handed-over',
} as const;

/** 120, 110 and 119: their call and coming have a deadline of their own beside the state, taking over is a state. */
export const AUTHORITY = {
  authority: {
    onColleagues: 'anybody',
    isForHelpers: false,
    event: ({ body }) => EVENTS[body.stage],
    brings: ({ body: { service, stage } }) => ({ authority: { service, stage } }),
    log: ({ service, stage, ref }) => ({ data: { service, stage }, personal: keepGiven({ ref }) }),
    milestones: ({ stage }) => [MILESTONES[stage]],
  },
} as const satisfies ActionTable<'authority'>;
