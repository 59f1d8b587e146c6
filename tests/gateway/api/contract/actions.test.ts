import { Compile } from 'typebox/compile';
import { expect, test } from 'vitest';
import { ACTION_BODIES } from '../../../../gateway/api/contract/actions.ts';

const seen = Compile(ACTION_BODIES.seen);
const note = Compile(ACTION_BODIES.note);

test.each(['2026-11-21T02:13:00.000Z', '2026-11-21T02:13:00Z', '2026-11-21T10:13:00+08:00'])(
  'a console saw it at %s',
  (at) => {
    expect(seen.Check({ received: at, painted: at, sounded: at })).toBe(true);
  },
);

// An unreadable time would have counted as "shown" and as a milestone without a moment.
test.each(['yesterday', '', '2026-11-21', '2026-13-41T00:00:00Z', 1_795_300_000_000, null])(
  'a console cannot have seen it at %j',
  (at) => {
    expect(seen.Check({ received: at })).toBe(false);
    expect(seen.Check({ received: '2026-11-21T02:13:00Z', painted: at })).toBe(false);
  },
);

// A note is progress: it moves the deadline, so it has to say something.
test.each(['', ' ', '\n\t', '　'])('a note of %j says nothing', (text) => {
  expect(note.Check({ text })).toBe(false);
});

test('a note says what it says, blanks included', () => {
  expect(note.Check({ text: ' 说她没事 \n' })).toBe(true);
});
