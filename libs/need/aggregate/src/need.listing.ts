import { DEED_KINDS, isPerson } from '@qiyue/civic-domain';
import { reaches, PERSON_SIGHT, type Asker, type Begun, type Listing } from '@qiyue/aggregate';
import { fromDay, opaqueId, toDay, wholeNumber, words, yesOrNo } from '@qiyue/civic-contracts';
import { sightBy } from '@qiyue/civic-views';
import { plusMs } from '@qiyue/engine';
import { NEED_STAGES, NEED_STATUSES } from '@qiyue/need-contracts';
import { READING_RULES, toListItem, type NeedView, type Relation } from '@qiyue/need-views';
import { z } from 'zod';
import { needColumns } from './need.columns';
import { isCommon, NEVER, RANKS, tokenOf } from './need.keys';
import { needItem } from './need.shown';

const ME = 'me';
const FROM_RULES = 'a day (YYYY-MM-DD, Shanghai) or an instant (ISO 8601 with offset)';

const filters = {
  stage: z.enum(NEED_STAGES).optional(),
  status: z.enum(NEED_STATUSES).optional(),
  unit: words.optional().meta({ description: 'Lead department' }),
  community: words.optional(),
  compound: words.optional().meta({
    description: 'Residential compound (小区): of the newest needs that the reader may see it of; the answer shows it, and it goes on record',
  }),
  kind: z.enum(DEED_KINDS).optional(),
  category: words.optional(),
  urgency: z.enum(['normal', 'urgent', 'emergency']).optional().meta({ description: 'A need that says nothing is `normal`' }),
  mine: yesOrNo
    .optional()
    .meta({ description: 'What one’s unit leads or helps with, what is of one’s community, or, of everybody else, what they wrote themselves' }),
  author: opaqueId
    .optional()
    .meta({ description: '`me`, or the id of whoever wrote it: of a person for those who may know them; it goes on record' }),
  follows: yesOrNo.optional().meta({ description: '`true`: what one follows since a need of one’s own was merged into it' }),
  waitingFor: z
    .enum([ME, 'unit', 'community', 'residents'])
    .optional()
    .meta({ description: 'Whom it waits for; `me`: one’s unit by name, one’s community, one’s office, or oneself about a need of one’s own' }),
  overdue: yesOrNo.optional().meta({ description: 'Past the next binding deadline' }),
  late: yesOrNo.optional().meta({ description: 'A deadline was missed once, or is past now' }),
  satisfied: yesOrNo.optional().meta({ description: 'What both sides said the last time' }),
  light: z.enum(['green', 'yellow', 'red']).optional().meta({ description: 'As it is now' }),
  year: wholeNumber(2000, 2199).optional().meta({ description: 'Submitted in that calendar year' }),
  from: fromDay.optional().meta({ description: `Submitted from then on: ${FROM_RULES}` }),
  to: toDay.optional().meta({ description: `Submitted before the end of it: ${FROM_RULES}` }),
};
type Asked = z.infer<z.ZodObject<typeof filters>>;

/** While the clock stands still nobody is late. */
export const NOT_PAUSED = { 'view.clock.paused': null };

const has = (token: string): object => ({ 'keys.has': token });
const NOTHING = { _id: { $in: [] } };
const begunAmong = ({ ids }: Begun): object => ({ _id: { $in: [...ids] } });

/** Filters of which a need has one value, by a token each. */
const EQUAL = ['stage', 'status', 'community', 'kind', 'category', 'urgency', 'satisfied'] as const;

const equal = (name: (typeof EQUAL)[number], value: string): object => {
  const token = tokenOf(name, value);
  if (!isCommon(token)) return has(token);
  if (name === 'satisfied') return { 'view.evaluations.resident.satisfied': true, 'view.evaluations.community.satisfied': true };
  if (name === 'urgency') return { 'keys.urgency': { $gte: String(RANKS.normal) } }; // the last of that order: its index begins there
  return { [`view.${name}`]: value };
};

export const needListing: Listing<NeedView> = {
  filters,
  begunBy: (query, asker) => {
    const { author, mine, follows, waitingFor } = query as Asked;
    if (author !== undefined && author !== ME && knowsPersons(asker)) return author;
    const isOwn = author !== undefined || (mine !== undefined && ofUnit(asker) === null) || follows !== undefined;
    return isOwn || (waitingFor === ME && isPerson(asker.role)) ? asker.id : null;
  },
  followedBy: 'view.mergedInto',
  askersConditionsOf: (query, asker, begun) => {
    const { mine, author, follows, waitingFor } = query as Asked;
    return [
      ...yesNo(mine, [held(asker, begun)]),
      ...(author === undefined ? [] : authored(author, asker, begun)),
      ...yesNo(follows, [{ _id: { $in: [...begun.followed] } }]),
      ...(waitingFor === undefined ? [] : waiting(waitingFor, asker, begun)),
    ];
  },
  conditionsOf: (query, now) => {
    const asked = query as Asked;
    return [
      ...EQUAL.flatMap((name) => (asked[name] === undefined ? [] : [equal(name, String(asked[name]))])),
      ...(asked.unit === undefined ? [] : [has(tokenOf('holder', asked.unit)), { 'view.unit': asked.unit }]),
      ...(asked.overdue === undefined ? [] : [{ 'keys.due': asked.overdue ? { $lt: now } : { $gte: now } }]),
      ...yesNo(asked.late, [{ $or: [has('late'), { ...has('running'), 'keys.due': { $lt: now } }] }]),
      ...(asked.light === undefined ? [] : lit(asked.light, now)),
      ...submitted(asked),
    ];
  },
  orders: {
    due: { by: 'keys.due', summary: 'the next deadline first, what has none last' },
    urgency: { by: 'keys.urgency', summary: 'emergencies first, then what is due first' },
    lateness: { by: 'keys.lateness', summary: 'the highest rung of the ladder first, then what is due first' },
  },
  textsOf: ({ title, items, plan, category, community }) => [title, category, community, ...items.map(({ name }) => name), plan],
  isIndexed: true,
  isNumbered: true,
  sealed: { fields: ['description', 'compound'], filters: ['compound'], among },
  columns: needColumns,
  // What a need gathers is most of its document, and no list shows it.
  without: { 'view.photos': 0, 'view.progress': 0, 'view.evidence': 0, 'view.funding': 0, 'view.adopted': 0, 'view.inspection': 0 },
  itemOf: toListItem,
  item: needItem,
};

const yesNo = (wanted: boolean | undefined, conditions: readonly object[]): readonly object[] => {
  if (wanted === undefined) return [];
  return wanted ? conditions : [{ $nor: conditions }];
};

/** The department or community that somebody acts for. */
const ofUnit = ({ role, unit }: Asker): { readonly token: 'holder' | 'community'; readonly unit: string } | null => {
  if (unit === null) return null;
  if (role === 'department') return { token: 'holder', unit };
  return role === 'community' ? { token: 'community', unit } : null;
};

const held = (asker: Asker, begun: Begun): object => {
  const of = ofUnit(asker);
  return of === null ? begunAmong(begun) : has(tokenOf(of.token, of.unit));
};

const sees = (asker: Asker, relation: Relation): boolean => asker.seesPersonal && reaches(sightBy(READING_RULES, asker.role, relation), PERSON_SIGHT);
/** Of every need, or of those of their own community. */
const knowsPersons = (asker: Asker): boolean => sees(asker, 'other') || (asker.role === 'community' && asker.unit !== null && sees(asker, 'own'));

/** By a pseudonym in every need: what persons wrote is found by what they sent. Offices are named as they are. */
const authored = (author: string, asker: Asker, begun: Begun): readonly object[] => {
  const isSelf = author === ME || author === asker.id;
  if (isSelf) return [begunAmong(begun)];
  if (!knowsPersons(asker)) return [{ 'view.author.id': author, 'view.author.role': 'community' }];
  return [begunAmong(begun), ...(sees(asker, 'other') ? [] : [has(tokenOf('community', asker.unit ?? ''))])];
};

const waiting = (who: NonNullable<Asked['waitingFor']>, asker: Asker, begun: Begun): readonly object[] => {
  if (who !== ME) return [has(tokenOf('waits', who))];
  const { role, unit } = asker;
  if (role === 'centre' || role === 'authority') return [has(tokenOf('waits', role))];
  if (isPerson(role)) {
    const ofTheirCommunity = unit === null ? [] : [has(tokenOf('waits-residents', unit))];
    return [{ $or: [{ ...has(tokenOf('waits', 'residents')), ...begunAmong(begun) }, ...ofTheirCommunity] }];
  }
  if (unit === null || ofUnit(asker) === null) return [NOTHING];
  return [has(tokenOf(role === 'department' ? 'waits-unit' : 'waits-community', unit))];
};

/** `lightOf` as conditions on instants that are stored. */
const lit = (light: NonNullable<Asked['light']>, now: string): readonly object[] => {
  const running = has('running');
  if (light === 'red') return [running, { 'keys.due': { $lt: now } }];
  return [running, { 'keys.due': { $gte: now, $lt: NEVER } }, { 'keys.yellow': light === 'yellow' ? { $lte: now } : { $gt: now } }];
};

/** By its months too, which every order has an index of. */
const MONTHS_MAX = 36;
const submitted = (asked: Asked): readonly object[] => {
  const { year } = asked;
  const ofYear = year === undefined ? [] : between(`${year}-01-01T00:00:00.000+08:00`, `${year + 1}-01-01T00:00:00.000+08:00`);
  return [...ofYear, ...between(asked.from, asked.to)];
};

const between = (from: string | undefined, to: string | undefined): readonly object[] => {
  if (from === undefined && to === undefined) return [];
  const bounds = { ...(from === undefined ? {} : { $gte: from }), ...(to === undefined ? {} : { $lt: to }) };
  const months = from === undefined || to === undefined ? [] : monthsBetween(from, plusMs(to, -1));
  const within = months.length === 0 || months.length > MONTHS_MAX ? [] : [{ 'keys.has': { $in: months.map((month) => tokenOf('month', month)) } }];
  return [{ 'view.createdAt': bounds }, ...within];
};

const monthsBetween = (from: string, last: string): readonly string[] => {
  const [first, end] = [from, last].map((instant) => Number(instant.slice(0, 4)) * 12 + Number(instant.slice(5, 7)) - 1);
  if (first === undefined || end === undefined || end < first) return [];
  const count = Math.min(end - first, MONTHS_MAX) + 1;
  return Array.from({ length: count }, (_, i) => `${Math.floor((first + i) / 12)}-${String(((first + i) % 12) + 1).padStart(2, '0')}`);
};

/** Needs of which a reader may be shown what their author wrote of themselves, as `READING_RULES` has it, and more where that depends on dates. */
function among(asker: Asker, begun: Begun): object | null {
  const { role, unit } = asker;
  if (!asker.seesPersonal) return null;
  if (isPerson(role)) return { _id: { $in: [...begun.ids, ...begun.followed] } };
  if (reaches(sightBy(READING_RULES, role, 'other'), 'personal')) return {};
  if (unit === null || ofUnit(asker) === null) return null;
  if (role === 'community') return has(tokenOf('community', unit));
  return { $or: [has(tokenOf('stage', 'submitted')), has(tokenOf('holder', unit)), { 'view.contactSharedWith': unit }] };
}
