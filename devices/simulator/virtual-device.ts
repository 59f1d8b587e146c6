import mqtt, { type MqttClient } from 'mqtt';
import type { DeviceAlarmType } from '../alarm-types.ts';
import type { DeviceModel } from '../catalog/model.ts';
import { decodeFeedback } from '../../protocols/mqtt-json/decode-feedback.ts';
import { encodeAlarm, encodeStatus, encodeVitals } from '../../protocols/mqtt-json/encode.ts';
import type { MqttAlarm, MqttFeedback } from '../../protocols/mqtt-json/message.ts';
import { formatTopic, parseTopic } from '../../protocols/mqtt-json/topics.ts';
import { createWearer, nextVitals } from './plausible-vitals.ts';

export type VirtualDeviceOptions = {
  readonly mqttUrl: string;
  readonly deviceId: string;
  readonly password: string;
  readonly model: DeviceModel;
  readonly clock: { readonly nowMs: () => number };
  /** [0, 1). */
  readonly random: () => number;
  readonly timing?: Partial<Timing>;
};

type Timing = {
  readonly keepaliveS: number;
  /** Between two attempts to connect. */
  readonly reconnectMs: number;
  /** Without a PUBACK for so long the device mistrusts the connection, drops it and sends the alarm again. */
  readonly ackTimeoutMs: number;
};

/** Chosen. */
const DEFAULT_TIMING: Timing = { keepaliveS: 60, reconnectMs: 2_000, ackTimeoutMs: 10_000 };

export type Pressed = { readonly id: string; readonly at: number; readonly type: DeviceAlarmType };

export type VirtualDevice = {
  readonly deviceId: string;
  readonly model: DeviceModel;
  /** Resolves at the first connection; goes on trying until `disconnect`. Twice is once. */
  readonly connect: () => Promise<void>;
  /** Resolves at the PUBACK, however often the same payload had to be sent; rejects when disconnected before. */
  readonly press: (type?: DeviceAlarmType, more?: Omit<MqttAlarm, 'declaredType' | 'id' | 'at'>) => Promise<Pressed>;
  readonly heartbeat: () => Promise<void>;
  /** Sends nothing when the model measures nothing. */
  readonly vitals: () => Promise<void>;
  /** Gives a function that ends the listening. */
  readonly onFeedback: (listener: (feedback: MqttFeedback) => void) => () => void;
  readonly disconnect: () => Promise<void>;
};

/** A device that does not exist, speaking the real protocol over a real connection, as a good device does. */
export function createVirtualDevice(options: VirtualDeviceOptions): VirtualDevice {
  const { deviceId, model, clock, random } = options;
  const timing = { ...DEFAULT_TIMING, ...options.timing };
  const listeners = new Set<(feedback: MqttFeedback) => void>();
  let client: MqttClient | undefined;
  let wearer = createWearer(clock.nowMs());
  let batteryPct = 60 + Math.round(random() * 40);

  function open(): MqttClient {
    const opened = mqtt.connect(options.mqttUrl, {
      clientId: deviceId,
      username: deviceId,
      password: options.password,
      clean: false,
      keepalive: timing.keepaliveS,
      reconnectPeriod: timing.reconnectMs,
    });
    // Every failure is followed by a `close` and another attempt; nothing else is to be done about it.
    opened.on('error', () => undefined);
    opened.on('connect', () => opened.subscribe(formatTopic(deviceId, 'feedback'), { qos: 1 }));
    opened.on('message', (topic, payload) => {
      if (parseTopic(topic)?.subtopic !== 'feedback') return;
      const decoded = decodeFeedback(payload);
      if (decoded.ok) for (const listener of listeners) listener(decoded.value);
    });
    return opened;
  }

  function connected(): MqttClient {
    if (client === undefined) throw new Error(`Virtual device ${deviceId} is not connected`);
    return client;
  }

  return {
    deviceId,
    model,
    connect: () => {
      const opened = (client ??= open());
      if (opened.connected) return Promise.resolve();
      return new Promise((resolve) => {
        opened.once('connect', () => resolve());
      });
    },
    press: async (type = 'sos', more = {}) => {
      const pressed = { id: newId(random), at: clock.nowMs(), type };
      const payload = encodeAlarm({ declaredType: type, id: pressed.id, at: pressed.at, batteryPct, ...more });
      const over = connected();
      // The client keeps the packet until its PUBACK and sends it again on every new connection.
      const doubtTimer = setInterval(() => over.stream.destroy(), timing.ackTimeoutMs);
      try {
        await over.publishAsync(formatTopic(deviceId, 'alarm'), Buffer.from(payload), { qos: 1 });
      } finally {
        clearInterval(doubtTimer);
      }
      return pressed;
    },
    heartbeat: async () => {
      batteryPct = Math.max(5, batteryPct - (random() < 0.1 ? 1 : 0));
      const signalPct = 50 + Math.round(random() * 50);
      const mains = model.mobility === 'fixed' ? { mains: true } : {};
      const payload = encodeStatus({ at: clock.nowMs(), batteryPct, signalPct, firmware: 'virtual-1', ...mains });
      await connected().publishAsync(formatTopic(deviceId, 'status'), Buffer.from(payload), { qos: 0 });
    },
    vitals: async () => {
      const next = nextVitals(wearer, model.metrics, clock.nowMs(), random);
      wearer = next.wearer;
      if (next.readings.length === 0) return;
      const payload = encodeVitals({ at: clock.nowMs(), readings: next.readings });
      await connected().publishAsync(formatTopic(deviceId, 'vitals'), Buffer.from(payload), { qos: 0 });
    },
    onFeedback: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    disconnect: async () => {
      const closing = client;
      client = undefined;
      await closing?.endAsync(true);
    },
  };
}

/** 48 random bits: no two presses of one device are alike, also after it was switched off. */
function newId(random: () => number): string {
  const half = (): string =>
    Math.floor(random() * 2 ** 24)
      .toString(16)
      .padStart(6, '0');
  return half() + half();
}
