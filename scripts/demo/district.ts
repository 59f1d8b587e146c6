import type { ResidentNew, HomeNew } from '../../gateway/api/contract/registry.ts';

/**
 * A handful of invented homes for the demo. Names, addresses and numbers belong to nobody; the numbers are from a block
 * that is written like a mobile number and never dialled by the demo.
 */
export type DemoHome = {
  readonly home: HomeNew & { readonly id: string };
  readonly residents: readonly (Omit<ResidentNew, 'homeId' | 'region' | 'address'> & { readonly id: string })[];
  readonly devices: readonly {
    readonly id: string;
    readonly model: string;
    readonly place: string;
    /** Indices into `residents`; empty: the device belongs to the home. */
    readonly wornBy: readonly number[];
    /** Of an alarm panel that calls a receiver, instead of MQTT. */
    readonly account?: string;
    /** Of its account, made at the first start; without it the panel speaks in clear. */
    readonly newKeyBits?: 128 | 256;
  }[];
};

export const DEMO_REGION = 'yuyao/lanjiang/xincun';

export const DEMO_HOMES: readonly DemoHome[] = [
  {
    home: {
      id: 'demo-home-1',
      address: '新村路 12 弄 3 号 402 室',
      region: DEMO_REGION,
      entrance: '北门（救护车从北门进，南门限高 2.2 米）',
      accessPlan: '单元门密码 2580；钥匙在 401 张阿姨处；有电梯；家中无宠物',
    },
    residents: [
      {
        id: 'demo-wang',
        name: '王秀英',
        number: '+8613900000101',
        birthYear: 1940,
        categories: ['80-plus', 'living-alone'],
        speech: '说余姚话，听力不好，请慢而大声',
        health: '高血压，去年左髋骨折；服用抗凝药',
        contacts: [
          { name: '张美娟', relation: '邻居', number: '+8613900000102', hasKey: true, minutesAway: 1 },
          { name: '王建国', relation: '儿子', number: '+8613900000103', hasKey: true, minutesAway: 25 },
        ],
      },
    ],
    devices: [
      { id: 'demo-phone-1', model: 'generic-one-touch', place: '客厅茶几', wornBy: [0] },
      { id: 'demo-pendant-1', model: 'generic-pendant', place: '随身', wornBy: [0] },
      { id: 'demo-watch-1', model: 'generic-wearable', place: '右手腕', wornBy: [0] },
    ],
  },
  {
    home: {
      id: 'demo-home-2',
      address: '新村路 18 弄 1 号 101 室',
      region: DEMO_REGION,
      entrance: '东门',
      accessPlan: '一楼，院门不锁；养了一只小狗，不咬人',
    },
    residents: [
      {
        id: 'demo-li',
        name: '李德明',
        number: '+8613900000201',
        birthYear: 1936,
        categories: ['80-plus', 'empty-nest'],
        speech: '普通话可以',
        health: '慢阻肺，家用制氧机',
        contacts: [{ name: '李芳', relation: '女儿', number: '+8613900000203', hasKey: false, minutesAway: 40 }],
      },
      {
        id: 'demo-chen',
        name: '陈桂花',
        number: '+8613900000202',
        birthYear: 1939,
        categories: ['80-plus', 'dementia'],
        speech: '有时认不出人，请先报姓名，多重复',
        health: '阿尔茨海默病中期，糖尿病',
        contacts: [{ name: '李芳', relation: '女儿', number: '+8613900000203', hasKey: false, minutesAway: 40 }],
      },
    ],
    devices: [
      { id: 'demo-phone-2', model: 'generic-one-touch', place: '卧室床头', wornBy: [0, 1] },
      { id: 'demo-hub-2', model: 'generic-home-gateway', place: '厨房', wornBy: [] },
      { id: 'demo-panel-2', model: 'ip-hub', place: '门厅弱电箱', wornBy: [0, 1], account: 'DE0A02' },
    ],
  },
  {
    home: {
      id: 'demo-home-3',
      address: '兰江街道舜水南路 66 号 7 幢 503 室',
      region: DEMO_REGION,
      entrance: '小区西门，右转第二幢',
      accessPlan: '无电梯，五楼；钥匙箱在门框左侧，密码问街道值班',
    },
    residents: [
      {
        id: 'demo-zhao',
        name: '赵永福',
        number: '+8613900000301',
        birthYear: 1943,
        categories: ['80-plus', 'living-alone', 'low-income'],
        speech: '带手表，喜欢先打招呼再问事情',
        health: '心脏支架两枚，房颤',
        contacts: [{ name: '周主任', relation: '社区工作者', number: '+8613900000302', hasKey: true, minutesAway: 8 }],
      },
    ],
    devices: [
      { id: 'demo-watch-3', model: 'generic-wearable', place: '左手腕', wornBy: [0] },
      {
        id: 'demo-panel-3',
        model: 'ip-hub-encrypted',
        place: '客厅墙上',
        wornBy: [0],
        account: 'DE0A03',
        newKeyBits: 128,
      },
    ],
  },
];

export const DEMO_PEOPLE = [
  { username: 'operator', name: '小林', roles: ['operator'], regions: [DEMO_REGION] },
  { username: 'operator2', name: '小周', roles: ['operator'], regions: [DEMO_REGION] },
  { username: 'supervisor', name: '班长', roles: ['supervisor'], regions: ['*'] },
] as const;
