/**
 * How well a sender proved who it is. It never decides whether an alarm rings, only how it is marked and where it merges.
 * - `verified`: name and secret match, and it speaks for itself
 * - `unverified`: known name, but wrong or no secret; or a message about a device that somebody else published
 * - `retired`: the name was known once and its service ended
 * - `unregistered`: the registry does not know the name
 */
export type Standing = 'verified' | 'unverified' | 'retired' | 'unregistered';
