import { NOTHING_PRINTED, printedHundredths, printedTime, type Paper, type PaperPart } from '@qiyue/aggregate';
import type { Language } from '@qiyue/civic-domain';
import { COMMON_PARTS } from '@qiyue/decision-domain';
import type { DecisionView, RoomView } from '@qiyue/decision-views';
import { NOTICE_TEXTS, type NoticeTexts } from './texts';

/** A stair unit has dozens of rooms; what is more than a door can show stands in the system. */
const ROOMS_MAX = 300;

/** What is behind the second decimal is left out. */
const squareMetres = (areaCm2: number): string => printedHundredths(Math.floor(areaCm2 / 100));

const planOf = ({ community, matter, plan }: DecisionView, language: Language, texts: NoticeTexts): PaperPart => {
  const names = plan.parts.map((code) => COMMON_PARTS.find((part) => part.code === code)?.[language === 'zh-CN' ? 'zh' : 'en'] ?? code);
  return {
    kind: 'facts',
    rows: [
      [texts.community, community],
      [texts.matter, texts.matters[matter]],
      [texts.parts, names.length === 0 ? NOTHING_PRINTED : names.join(language === 'zh-CN' ? '、' : ', ')],
      [texts.works, plan.works],
      [texts.budget, printedHundredths(plan.budgetFen)],
      [texts.period, `${plan.from} – ${plan.to}`],
      [texts.contractor, plan.contractor ?? NOTHING_PRINTED],
    ],
  };
};

const resultOf = ({ emergency, tally, rule }: DecisionView, texts: NoticeTexts): readonly PaperPart[] => {
  if (emergency !== null)
    return [
      { kind: 'heading', text: texts.emergency },
      { kind: 'facts', rows: [[texts.basis, (emergency.basis as string | null) ?? NOTHING_PRINTED]] },
    ];
  const [whole, part, agree] = texts.ballotRows;
  return [
    { kind: 'heading', text: texts.ballot },
    { kind: 'facts', rows: [[texts.rule, rule.basis]] },
    {
      kind: 'table',
      head: texts.ballotHead,
      widths: [2, 4, 3],
      rows: [
        [whole, squareMetres(tally.totalAreaCm2), String(tally.totalHeads)],
        [part, squareMetres(tally.partAreaCm2), String(tally.partHeads)],
        [agree, squareMetres(tally.agreeAreaCm2 ?? 0), String(tally.agreeHeads ?? 0)],
      ],
    },
  ];
};

/** Of those who may see the roster; owners are not named on a door. */
const sharesOf = (roster: readonly RoomView[], texts: NoticeTexts): readonly PaperPart[] => {
  const paying = roster.filter(({ shareFen }) => shareFen !== null);
  if (paying.length === 0) return [];
  const rows = paying
    .slice(0, ROOMS_MAX)
    .map(({ room, areaCm2, shareFen }) => [room, squareMetres(areaCm2), shareFen === null ? NOTHING_PRINTED : printedHundredths(shareFen)]);
  return [
    { kind: 'heading', text: texts.shares },
    { kind: 'table', head: texts.shareHead, widths: [3, 3, 3], rows },
    ...(paying.length > ROOMS_MAX ? [{ kind: 'text', text: texts.notAll } as const] : []),
  ];
};

/** 公示: what was decided, by how many, what it costs whom, and until when one can object. */
export const noticePaper: Paper<DecisionView> = {
  title: { 'zh-CN': '公示', en: 'Public notice' },
  summary: 'The owners’ notice (公示), once it is posted: plan, votes, who pays what, and until when one can object',
  documentOf: ({ view, language }) => {
    const { notice } = view;
    if (notice === null) return null;
    const texts = NOTICE_TEXTS[language];
    return {
      title: texts.title,
      parts: [
        planOf(view, language, texts),
        ...resultOf(view, texts),
        ...sharesOf((view.roster as readonly RoomView[] | null) ?? [], texts),
        { kind: 'heading', text: texts.notice },
        {
          kind: 'facts',
          rows: [
            [texts.place, notice.place],
            [texts.from, printedTime(notice.postedAt)],
            [texts.until, printedTime(notice.endsAt)],
          ],
        },
        { kind: 'text', text: texts.challenge },
        {
          kind: 'signatures',
          heading: texts.signatures,
          sides: [{ title: `${texts.postedBy}${view.community}`, lines: [`${texts.postedAt}${printedTime(notice.postedAt)}`] }],
        },
      ],
    };
  },
};
