import { describe, expect, it } from '@jest/globals';
import { DEFAULT_POLICY_DOCUMENT, LANGUAGES } from '@qiyue/civic-domain';
import type { DecisionView } from '@qiyue/decision-views';
import { recipientKey, type Occasion } from '@qiyue/notices';
import { aud, cora, EVERY_MOMENT, moment, type Moment } from '../testing/told-decision';
import { decisionNotices } from './decision.notices';
import { TOLD_TYPES, type ToldType } from './told';

const occasionOf = ({ record, before, after }: Moment): Occasion<DecisionView> => ({
  ...{ event: decisionNotices.eventOf(record), by: record.actor, before, after },
});
const wordsOf = (one: Moment) => LANGUAGES.map((language) => decisionNotices.wordsFor(occasionOf(one), language));
const told = EVERY_MOMENT.filter(({ record }) => decisionNotices.types.includes(record.type));

const COMMUNITY = recipientKey({ kind: 'post', role: 'community', unit: '渠南社区' });
const [AUTHORITY, CENTRE, SUPERVISOR, COUNTY] = ['post/authority/*', 'post/centre/*', 'post/supervisor/*', 'post/county/*'];
const OWNERS = ['actor/ann', 'actor/bo', 'actor/cy'];

/** [life, event, which of its kind, who is told] */
const TABLE: readonly (readonly [string, ToldType, number, readonly string[]])[] = [
  ['idle', 'DeadlineApproaching', 0, [COMMUNITY]],
  ['idle', 'DeadlineMissed', 0, [COMMUNITY]],
  ['idle', 'Escalated', 0, [COMMUNITY]],
  ['idle', 'Escalated', 1, [COMMUNITY, CENTRE]],
  ['idle', 'Escalated', 2, [SUPERVISOR]],
  ['idle', 'Escalated', 3, [SUPERVISOR, COUNTY]],
  ['moved', 'DeadlineMoved', 0, [COMMUNITY]],
  ['unattended', 'DeadlineApproaching', 0, [COMMUNITY, ...OWNERS]],
  ['voting', 'BallotOpened', 0, OWNERS],
  ['voting', 'VoteCast', 0, []],
  ['replaced', 'VoteCast', 1, ['actor/ann']], // on paper, by the community, which is not told of what it does
  ['replaced', 'VoteCast', 2, [COMMUNITY, 'actor/ann']], // online
  ['replaced', 'VoteCast', 4, [COMMUNITY, 'actor/ann']],
  ['unattended', 'BallotClosed', 0, [COMMUNITY, ...OWNERS]],
  ['noticed', 'DeadlineApproaching', 0, [COMMUNITY]], // all have voted
  ['noticed', 'BallotClosed', 0, [COMMUNITY, ...OWNERS]],
  ['noticed', 'NoticePosted', 0, OWNERS],
  ['noticed', 'DecisionChallenged', 0, [COMMUNITY, AUTHORITY]],
  ['confirmed', 'ChallengeSettled', 0, [AUTHORITY]],
  ['confirmed', 'NoticeEnded', 0, [COMMUNITY, AUTHORITY]],
  ['confirmed', 'DecisionConfirmed', 0, [COMMUNITY, ...OWNERS]],
  ['unconfirmed', 'DeadlineApproaching', 2, [AUTHORITY]],
  ['unconfirmed', 'DeadlineMissed', 0, [AUTHORITY, COMMUNITY]],
  ['unattended', 'DecisionFailed', 0, [COMMUNITY, ...OWNERS]],
  ['cancelled', 'DecisionCancelled', 0, OWNERS],
  ['emergency', 'EmergencyDeclared', 0, [AUTHORITY]],
  ['emergency', 'EmergencyConfirmed', 0, [COMMUNITY, ...OWNERS]],
  ['working', 'WarrantyStarted', 0, [COMMUNITY, AUTHORITY]],
];

describe('who is told', () => {
  it.each(TABLE)('in the life "%s" of %s (%i): %j', (life, type, nth, wanted) => {
    expect(decisionNotices.recipientsOf(occasionOf(moment(life, type, nth)), DEFAULT_POLICY_DOCUMENT).map(recipientKey)).toEqual(wanted);
  });
  it('is stated above for every event that anybody is told of', () => {
    expect(TOLD_TYPES.filter((type) => !TABLE.some(([, stated]) => stated === type))).toEqual([]);
  });
});

describe('the words of a notice', () => {
  it('say whose decision it is, in every language', () => {
    for (const one of told)
      for (const { subject, text } of wordsOf(one)) {
        expect(`${subject} ${text}`).toMatch(/渠南社区/);
        expect(`${subject} ${text}`).not.toMatch(/null|undefined|NaN|\[object/);
      }
  });
  it('never hold a vote, a reason, a name or money', () => {
    expect(JSON.stringify(told.map(wordsOf))).not.toMatch(/SECRET|\bann\b|\bbo\b|\bcy\b|777777|disagree/);
  });
  it('say what came of a ballot, by heads', () => {
    const [zh, en] = wordsOf(moment('noticed', 'BallotClosed'));
    expect(zh).toEqual({
      subject: '投票结束：渠南社区',
      text: '渠南社区业主共同决定“3号楼2单元屋面防水层铲除重做”提前结束投票，已通过：应参与4人，参与4人，同意3人。',
    });
    expect(en?.text).toBe(
      'The ballot on the owners\' decision of 渠南社区, "3号楼2单元屋面防水层铲除重做" was closed before its end and has passed: 4 of 4 owners took part, 3 agree.',
    );
    expect(wordsOf(moment('unapproved', 'DecisionFailed'))[1]?.text).toMatch(/too few agreed, in area or in heads/);
  });
  it('say that a ballot was replaced and in which way, not how it was cast', () => {
    const [paper, online] = [1, 2].map((nth) => wordsOf(moment('replaced', 'VoteCast', nth)).map(({ text }) => text));
    expect([paper?.[0], online?.[0]]).toEqual([expect.stringMatching(/后投的纸质票取代/), expect.stringMatching(/后投的网上票取代/)]);
    expect([paper?.[1], online?.[1]]).toEqual([expect.stringMatching(/cast on paper/), expect.stringMatching(/cast online/)]);
  });
  it('pass quiet hours for an emergency and from the second rung on', () => {
    const urgent = told.filter((one) => decisionNotices.isUrgent(occasionOf(one))).map(({ record }) => record.type);
    expect(new Set(urgent)).toEqual(new Set(['Escalated', 'EmergencyDeclared']));
    expect(decisionNotices.isUrgent(occasionOf(moment('idle', 'Escalated', 0)))).toBe(false);
  });
});

it('what a decision has missed its community cannot switch off', () => {
  const { record, after } = moment('idle', 'DeadlineMissed');
  expect([decisionNotices.leadOf(after), decisionNotices.authorOf(after), decisionNotices.policyOf(after)]).toEqual([cora.unit, null, 'default-1']);
  expect([decisionNotices.sealedPersonsOf(record, after), decisionNotices.withPersons(after, new Map())]).toEqual([[], after]);
  expect(aud.role).toBe('authority');
});
