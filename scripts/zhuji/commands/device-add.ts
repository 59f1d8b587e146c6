import type { DeviceCreated } from '../../../gateway/api/contract/registry.ts';
import { DEVICE_MODELS } from '../../../devices/catalog/models.ts';
import { ADDRESS_OPTIONS, formatAddresses, readAddressOptions } from '../address-options.ts';
import { defineCommand } from '../command.ts';

export const deviceAdd = defineCommand({
  name: 'device add',
  summary: 'Add a device; it is in effect when this returns. Its password is shown once.',
  options: {
    model: { type: 'string', value: 'MODEL', description: 'See zhuji device models', required: true },
    id: { type: 'string', value: 'ID', description: 'Name that it connects by; made when absent' },
    resident: { type: 'string', value: 'ID', description: 'Who wears or uses it', multiple: true },
    home: { type: 'string', value: 'ID', description: 'Where it hangs; else the home of its residents' },
    place: { type: 'string', value: 'TEXT', description: 'Place in the home' },
    ...ADDRESS_OPTIONS,
  },
  run: async ({ json, print, client }, values) => {
    const { model, id, resident, home, place } = values;
    const body = { model, id, residentIds: resident, homeId: home, place, ...(await readAddressOptions(values)) };
    const added = await (await client()).request<DeviceCreated>('POST', '/devices', body);
    const { username, password, topic, mqttUrl, addresses, newKey = null } = added;
    if (json) {
      const { homeId, residentIds } = added;
      const residentId = residentIds[0] ?? null;
      const answer = { deviceId: added.id, model, homeId, residentId, username, password, topic, mqttUrl };
      print(JSON.stringify(addresses.length === 0 ? answer : { ...answer, addresses, newKey }));
      return 0;
    }
    const option = findNeeded(added.model);
    if (addresses.length > 0 || option !== null) {
      print(
        addresses.length > 0
          ? `Device ${added.id} added (${added.model}). It sends under\n${formatAddresses(addresses)}`
          : `Device ${added.id} added (${added.model}). Until it has what it sends under, it rings as a stranger:\n` +
              `  zhuji device address ${added.id} ${option}`,
      );
      if (newKey !== null) print(`Key of the account: ${newKey}   (shown once)`);
      print(`Should it ever connect by MQTT: user name ${username}, password ${password}   (shown once)`);
      return 0;
    }
    const { hostname, port } = new URL(mqttUrl);
    print(
      [
        `Device ${added.id} added (${added.model}).`,
        `  connects to  ${mqttUrl}`,
        `  user name    ${username}`,
        `  password     ${password}   (shown once)`,
        `  alarms go to ${topic}`,
        'Press its key by hand:',
        `  mosquitto_pub -h ${hostname} -p ${port} -u ${username} -P ${password} -q 1 -t ${topic} -m '{"type":"sos"}'`,
      ].join('\n'),
    );
    return 0;
  },
});

/** What a model sends under that is known by no name of its own; null for one that connects by MQTT. */
function findNeeded(model: string): string | null {
  switch (DEVICE_MODELS.find(model)?.protocol) {
    case 'sia-dc09':
    case 'sur-gard':
      return '--account HEX';
    case 'caller-id':
    case 'sms':
      return '--number NUMBER';
    default:
      return null;
  }
}
