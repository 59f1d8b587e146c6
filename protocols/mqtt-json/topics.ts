/** Topics of design §8: `zj/v1/{deviceId}/{subtopic}`. */
export const UP_SUBTOPICS = ['alarm', 'vitals', 'status'] as const;
export const DOWN_SUBTOPICS = ['feedback', 'command'] as const;

export type UpSubtopic = (typeof UP_SUBTOPICS)[number];
export type DownSubtopic = (typeof DOWN_SUBTOPICS)[number];
export type Subtopic = UpSubtopic | DownSubtopic;

const ROOT = 'zj/v1/';
const SUBTOPICS: readonly string[] = [...UP_SUBTOPICS, ...DOWN_SUBTOPICS];
const DEVICE_ID = /^[A-Za-z0-9._-]{1,64}$/;

/** `name` is what stands in the device's place; only where `isDeviceId(name)` holds can a register know it. */
export type DeviceTopic = { readonly name: string; readonly subtopic: Subtopic };

export function isDeviceId(name: string): boolean {
  return DEVICE_ID.test(name);
}

/** The parts of a topic name, or undefined when it is none of ours. Never throws. */
export function parseTopic(topic: string): DeviceTopic | undefined {
  if (!topic.startsWith(ROOT)) return undefined;
  const slash = topic.indexOf('/', ROOT.length);
  if (slash <= ROOT.length) return undefined;
  const subtopic = topic.slice(slash + 1);
  if (!isSubtopic(subtopic)) return undefined;
  return { name: topic.slice(ROOT.length, slash), subtopic };
}

export function formatTopic(deviceId: string, subtopic: Subtopic): string {
  return `${ROOT}${deviceId}/${subtopic}`;
}

/** The down topics that a topic filter of this very device covers: one of them, both by `#` or `+`, or none. */
export function coveredDownTopics(filter: string, deviceId: string): readonly DownSubtopic[] {
  const own = `${ROOT}${deviceId}/`;
  if (!filter.startsWith(own)) return [];
  const rest = filter.slice(own.length);
  if (rest === '#' || rest === '+') return DOWN_SUBTOPICS;
  return DOWN_SUBTOPICS.filter((subtopic) => subtopic === rest);
}

function isSubtopic(value: string): value is Subtopic {
  return SUBTOPICS.includes(value);
}
