import { NOTHING_PRINTED, printedHundredths, printedTime, type Paper, type PaperEvent, type PaperPart } from '@qiyue/aggregate';
import type { Fact } from '@qiyue/need-domain';
import type { EvaluationView, FundingView, NeedView } from '@qiyue/need-views';
import { PAPER_TEXTS, type PaperTexts } from './texts';

/** The acceptance of the running round: a need that is done again is accepted again. */
const acceptedIn = (events: readonly PaperEvent[]): PaperEvent | null => events.findLast(({ type }) => type === 'NeedDone') ?? null;
const reportedIn = (events: readonly PaperEvent[]): PaperEvent | null => events.findLast(({ type }) => type === 'WorksReported') ?? null;

/** Long words stay in the record; what is printed stays readable, and small. */
const [WORDS_MAX, EVIDENCE_MAX] = [200, 20];
const clipped = (words: string): string => (words.length > WORDS_MAX ? `${words.slice(0, WORDS_MAX)}…` : words);

const itemsOf = ({ items }: NeedView, texts: PaperTexts): PaperPart => ({
  kind: 'table',
  head: texts.itemHead,
  widths: [1, 7, 3],
  rows: items.map(({ name, quantity, unit }, i) => [String(i + 1), name, `${quantity} ${unit}`]),
});

const fundingOf = ({ funding }: NeedView, texts: PaperTexts): readonly PaperPart[] =>
  funding.length === 0
    ? []
    : [
        { kind: 'heading', text: texts.funding },
        { kind: 'table', head: texts.fundingHead, widths: [3, 3, 3, 4], rows: funding.map((one) => fundingRow(one, texts)) },
      ];

const fundingRow = ({ amountFen, source, finalCostFen, reference }: FundingView, texts: PaperTexts): readonly string[] => [
  texts.sources[source],
  printedHundredths(amountFen),
  finalCostFen === undefined ? NOTHING_PRINTED : printedHundredths(finalCostFen),
  (reference as string | null) ?? NOTHING_PRINTED, // null in the document of a reader who may not see it
];

const evidenceOf = ({ evidence, round }: NeedView, texts: PaperTexts): readonly PaperPart[] => {
  const rows = evidence
    .filter((one) => one.round === round)
    .slice(-EVIDENCE_MAX)
    .map(({ kind, text, url, at }) => [texts.evidenceKinds[kind] ?? kind, clipped(text ?? url ?? NOTHING_PRINTED), at.slice(0, 10)]);
  return rows.length === 0
    ? []
    : [
        { kind: 'heading', text: texts.evidence },
        { kind: 'table', head: texts.evidenceHead, widths: [2, 8, 2.4], rows },
      ];
};

const evaluationLine = (one: EvaluationView | null, texts: PaperTexts): string =>
  one === null ? NOTHING_PRINTED : `${one.score} / 5, ${one.satisfied ? texts.satisfied : texts.unsatisfied}`;

const signaturesOf = (view: NeedView, accepted: PaperEvent, reported: PaperEvent | null, texts: PaperTexts): PaperPart => ({
  kind: 'signatures',
  heading: texts.signatures,
  sides: [
    {
      title: `${texts.deliveredBy}${view.unit ?? NOTHING_PRINTED}`,
      lines: [`${texts.reportedAt}${reported === null ? NOTHING_PRINTED : printedTime(reported.time)}`],
    },
    {
      title: `${texts.acceptedBy}${accepted.actor.unit ?? texts.roles[accepted.actor.role] ?? accepted.actor.role}`,
      lines: [`${texts.byWhom}${accepted.actor.id}`, `${texts.acceptedAt}${printedTime(accepted.time)}`],
    },
  ],
});

/** 验收单: what was asked for, what was delivered, what it cost, and who accepted it when. */
export const acceptancePaper: Paper<NeedView> = {
  title: { 'zh-CN': '验收单', en: 'Acceptance record' },
  summary: 'The acceptance record (验收单), from `done` on: what was asked for, delivered and paid, and who accepted it',
  documentOf: ({ view, events, language }) => {
    const accepted = acceptedIn(events);
    if (accepted === null || (view.stage !== 'done' && view.stage !== 'evaluated')) return null;
    const texts = PAPER_TEXTS[language];
    const { note = null } = accepted.data as Fact<'NeedDone'>['data'] & { readonly note?: string | null };
    return {
      title: texts.title,
      parts: [
        {
          kind: 'facts',
          rows: [
            [texts.need, view.title],
            [texts.kind, texts.kinds[view.kind]],
            [texts.community, view.community],
            [texts.compound, view.compound ?? NOTHING_PRINTED],
            [texts.unit, view.unit ?? NOTHING_PRINTED],
            [texts.helpers, view.helpers.length === 0 ? NOTHING_PRINTED : view.helpers.join('、')],
            [texts.submittedAt, printedTime(view.createdAt)],
          ],
        },
        { kind: 'heading', text: texts.items },
        itemsOf(view, texts),
        ...fundingOf(view, texts),
        ...evidenceOf(view, texts),
        { kind: 'heading', text: texts.acceptance },
        {
          kind: 'facts',
          rows: [
            [texts.note, clipped(note ?? NOTHING_PRINTED)],
            [texts.residentSide, evaluationLine(view.evaluations.resident, texts)],
            [texts.communitySide, evaluationLine(view.evaluations.community, texts)],
          ],
        },
        signaturesOf(view, accepted, reportedIn(events), texts),
      ],
    };
  },
};
