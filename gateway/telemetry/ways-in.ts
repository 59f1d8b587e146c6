import type { ContactSink } from '../../devices/links/ports.ts';
import { joinContacts } from '../history/join-contacts.ts';

export const MQTT = 'mqtt';

/** MQTT, a port of an alarm protocol, or a serial line, by the name that its check has. */
export type WayIn = { readonly name: string; readonly health: () => { readonly status: string } };

/**
 * Over which ways in each device was heard since this process began. Nobody is silent whose only ways are down: that they are is an
 * incident of its own, and it is the one to look after. Bounded by the register: only who proves itself is noted.
 */
export class WaysIn {
  readonly #byDevice = new Map<string, Set<string>>();
  readonly #isOverMqtt: (deviceId: string) => boolean;

  /** `isOverMqtt`: by its model, of a device that was not heard yet. */
  constructor(isOverMqtt: (deviceId: string) => boolean) {
    this.#isOverMqtt = isOverMqtt;
  }

  /** The sink of one way in: whoever it tells of was heard over it. */
  over(way: string, sink: ContactSink): ContactSink {
    const note: ContactSink['heard'] = (deviceId, standing) => {
      if (standing === 'verified') this.#note(deviceId, way);
    };
    return joinContacts(() => [{ heard: note, connected: note }, sink]);
  }

  /**
   * Who can be heard now: over any of the ways it was heard over. Of a device that was not heard yet and does not speak MQTT nobody
   * knows its way: all others must be well.
   */
  ears(ways: readonly WayIn[]): (deviceId: string) => boolean {
    const down = new Set(ways.filter(({ health }) => health().status !== 'ok').map(({ name }) => name));
    if (down.size === 0) return () => true;
    const isAnyOtherDown = [...down].some((name) => name !== MQTT);
    return (deviceId) => {
      const known = this.#byDevice.get(deviceId);
      if (known !== undefined) return [...known].some((way) => !down.has(way));
      return this.#isOverMqtt(deviceId) ? !down.has(MQTT) : !isAnyOtherDown;
    };
  }

  #note(deviceId: string, way: string): void {
    const known = this.#byDevice.get(deviceId);
    if (known === undefined) this.#byDevice.set(deviceId, new Set([way]));
    else known.add(way);
  }
}
