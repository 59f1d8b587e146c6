import { expect, test } from 'vitest';
import { readKey, type KeyPress } from '../../../dashboard/keyboard/keys.ts';

const plain: KeyPress = {
  key: 'c',
  hasModifier: false,
  isTyping: false,
  isInDialog: false,
  isOnControl: false,
  areSingleKeysOn: true,
};

test.each([
  ['j', 'next'],
  ['ArrowDown', 'next'],
  ['k', 'previous'],
  ['ArrowUp', 'previous'],
  ['Enter', 'open'],
  ['c', 'claim'],
  ['C', 'claim'],
  ['n', 'note'],
  ['r', 'resolve'],
  ['m', 'mute'],
  ['h', 'by-hand'],
  ['?', 'help'],
  ['3', 'call-3'],
  ['Escape', 'back'],
  ['x', null],
])('%s means %s', (key, command) => {
  expect(readKey({ ...plain, key })).toBe(command);
});

test('letters that somebody types are letters', () => {
  for (const key of ['c', 'r', '1', 'Enter', 'ArrowDown'])
    expect(readKey({ ...plain, key, isTyping: true })).toBeNull();
});

test("the browser's own shortcuts and an open dialog are left alone", () => {
  expect(readKey({ ...plain, key: 'r', hasModifier: true })).toBeNull();
  expect(readKey({ ...plain, key: 'Escape', isInDialog: true })).toBeNull();
});

test('Enter on a button presses that button', () => {
  expect(readKey({ ...plain, key: 'Enter', isOnControl: true })).toBeNull();
});

test('single keys can be switched off; arrows stay', () => {
  expect(readKey({ ...plain, areSingleKeysOn: false })).toBeNull();
  expect(readKey({ ...plain, key: 'ArrowUp', areSingleKeysOn: false })).toBe('previous');
});
