import { contract, COMMAND_EXAMPLES } from '@qiyue/contract';
import { plusMs, toShanghaiIso } from '@qiyue/engine';
import { ROLES } from '@qiyue/platform';
import type { Who } from '../test-tokens';
import type { KindOfAnswers, Scene, Step } from './kind';

/** Long enough to be signed by both where a day is a second. */
const LASTS_MS = 6 * 86_400_000;
const reason = '职能调整';
const UNIT: Who = { actor: 'wes', role: 'department', unit: '住建局' };
const COMMUNITY: Who = { actor: 'cora', role: 'community', unit: '民悦社区' };
const PEOPLE: readonly Who[] = [
  ...[UNIT, COMMUNITY, { ...UNIT, unit: '水利局' }, { ...COMMUNITY, unit: '幸福社区' }],
  ...ROLES.filter((role) => role !== 'department' && role !== 'community').map((role) => ({ actor: role, role, unit: '住建局' })),
];
const items = [
  { title: '安装太阳能路灯', kind: 'tangible', quantity: 20, unit: '盏' },
  { title: '消防安全讲座', kind: 'service' },
];
const TERMS = {
  ...{ unit: UNIT.unit, community: COMMUNITY.unit, items },
  duties: { community: ['提供场地'], unit: [] },
};
const BODIES: Readonly<Record<string, object>> = {
  ...COMMAND_EXAMPLES,
  amend: { items: [{ itemId: 'i1', ...items[0], quantity: 24 }, items[1]], reason },
};
const bodyOf: Scene['bodyOf'] = (type, { role }) =>
  type === 'evaluate' ? { side: role === 'department' ? 'unit' : 'community', score: 5, itemId: 'i1' } : (BODIES[type] ?? {});

const by =
  (as: Who) =>
  (type: string, data?: object): Step => ({ type, as, ...(data === undefined ? {} : { data }) });
const [unit, community] = [by(UNIT), by(COMMUNITY)];
const SIGNED: readonly Step[] = [unit('sign'), community('sign')];
const FINISHED: readonly Step[] = [...SIGNED, unit('finish-item')];
const ENDED: readonly Step[] = [...FINISHED, { until: 'evaluating/awaiting-evaluations' }];
const OTHER_DUTIES = { duties: { community: [], unit: [] }, reason };

export const contractAnswers: KindOfAnswers = {
  aggregate: contract,
  places: {
    'proposed/awaiting-signatures': 'standing',
    'proposed/awaiting-second-signature': 'standing',
    'proposed/awaiting-signatures, amended': 'standing',
    'in-force/running': 'standing',
    'in-force/running, amended': 'standing',
    'in-force/running, finished': 'standing',
    'in-force/under-notice': 'standing',
    'evaluating/awaiting-evaluations': 'days',
    'closed/withdrawn': 'standing',
    'closed/unsigned': 'days',
    'closed/evaluated': 'days',
    'closed/terminated': 'days',
    'closed/lapsed': 'days',
  },
  sceneOf: ({ clock }) => {
    const endsOn = plusMs(toShanghaiIso(clock.nowMs()), LASTS_MS).slice(0, 10);
    return {
      starts: { as: UNIT, data: { ...TERMS, year: Number(endsOn.slice(0, 4)), startsOn: `${endsOn.slice(0, 4)}-01-01`, endsOn } },
      people: PEOPLE,
      bodyOf,
      ways: {
        'proposed/awaiting-second-signature': SIGNED.slice(0, 1),
        'proposed/awaiting-signatures, amended': [community('amend')],
        'in-force/running': SIGNED,
        'in-force/running, amended': [...SIGNED, unit('amend'), community('agree-amendment'), community('amend', OTHER_DUTIES)],
        'in-force/running, finished': FINISHED,
        'in-force/under-notice': [...SIGNED, community('terminate')],
        'evaluating/awaiting-evaluations': ENDED,
        'closed/withdrawn': [community('withdraw')],
        'closed/unsigned': [{ until: 'closed/unsigned' }],
        'closed/terminated': [...SIGNED, community('terminate'), { until: 'closed/terminated' }],
        'closed/lapsed': [...ENDED, { until: 'closed/lapsed' }],
        'closed/evaluated': [
          ...[...ENDED, unit('evaluate'), community('evaluate')],
          ...[unit('evaluate', { side: 'unit', score: 5 }), community('evaluate', { side: 'community', score: 5 })],
        ],
      },
    };
  },
};
