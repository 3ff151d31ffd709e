import { NOTHING_PRINTED, printedTime, type Paper, type PaperPart } from '@qiyue/aggregate';
import type { Language } from '@qiyue/civic-domain';
import type { Side } from '@qiyue/contract-domain';
import type { ContractView, EvaluationView, ItemView, SignatureView } from '@qiyue/contract-views';
import { PAPER_TEXTS, type PaperTexts } from './texts';

type Texts = PaperTexts;

const amountOf = ({ quantity, unit }: ItemView): string =>
  quantity === null ? NOTHING_PRINTED : [quantity, unit].filter((one) => one !== null).join(' ');

const itemsOf = ({ items, endsOn }: ContractView, texts: Texts): PaperPart => ({
  kind: 'table',
  head: texts.itemHead,
  widths: [1, 6, 2, 2.4, 2.4, 2.4],
  rows: items.map((item) => [
    item.itemId.slice(1),
    item.title,
    texts.kinds[item.kind],
    amountOf(item),
    item.dueOn ?? endsOn,
    item.finishedAt?.slice(0, 10) ?? NOTHING_PRINTED,
  ]),
});

const dutiesOf = ({ duties }: ContractView, texts: Texts): readonly PaperPart[] =>
  (['community', 'unit'] as const).flatMap((side): PaperPart[] =>
    duties[side].length === 0
      ? []
      : [
          { kind: 'text', text: texts.dutiesOf[side] },
          { kind: 'list', items: duties[side] },
        ],
  );

const signatureOf = (view: ContractView, side: Side, texts: Texts): { readonly title: string; readonly lines: readonly string[] } => {
  const given = view.signatures.find((signature) => signature.side === side);
  return { title: `${texts.sides[side]}${view[side]}`, lines: given === undefined ? [texts.unsigned] : signedLines(given, texts) };
};

const signedLines = ({ by, at }: SignatureView, texts: Texts): readonly string[] => [
  // null in the document of a reader who may not see it
  `${texts.signer}${(by as string | null) ?? NOTHING_PRINTED}`,
  `${texts.signedAt}${printedTime(at)}`,
];

const signaturesOf = (view: ContractView, texts: Texts): PaperPart => ({
  kind: 'signatures',
  heading: texts.signatures,
  note: texts.signedOnline,
  sides: [signatureOf(view, 'community', texts), signatureOf(view, 'unit', texts)],
});

/** Comments stay in the record: what is printed is hung up. */
const evaluationsOf = ({ evaluations }: ContractView, texts: Texts): readonly PaperPart[] => {
  const about = ({ itemId }: EvaluationView): string => (itemId === null ? texts.whole : `${texts.item} ${itemId.slice(1)}`);
  const rows = evaluations.map((one) => [texts.names[one.side], about(one), String(one.score), one.at.slice(0, 10)]);
  return rows.length === 0
    ? []
    : [
        { kind: 'heading', text: texts.evaluations },
        { kind: 'table', head: texts.evaluationHead, widths: [1, 1, 1, 1], rows },
      ];
};

/** The contract as it stands: what was agreed on, by whom, and what came of it. Before both have signed, a draft to be signed. */
export const contractPaper: Paper<ContractView> = {
  title: { 'zh-CN': '共建契约书', en: 'The contract' },
  summary: 'The contract as it stands: parties, items, duties, signatures, evaluations',
  documentOf: ({ view, language }) => {
    const texts = textsOf(language);
    return {
      title: view.inForceAt === null ? `${texts.title}${texts.draft}` : texts.title,
      parts: [
        {
          kind: 'facts',
          rows: [
            [texts.sides.community, view.community],
            [texts.sides.unit, view.unit],
            [texts.year, String(view.year)],
            [texts.term, `${view.startsOn} – ${view.endsOn}`],
            [texts.status, texts.statuses[view.status]],
            ...(view.termination === null ? [] : [terminationOf(view, texts)]),
          ],
        },
        { kind: 'heading', text: texts.items },
        itemsOf(view, texts),
        { kind: 'heading', text: texts.duties },
        ...dutiesOf(view, texts),
        ...evaluationsOf(view, texts),
        signaturesOf(view, texts),
      ],
    };
  },
};

const textsOf = (language: Language): Texts => PAPER_TEXTS[language];

const terminationOf = ({ termination }: ContractView, texts: Texts): readonly [string, string] => [
  texts.termination,
  termination === null ? NOTHING_PRINTED : `${texts.names[termination.side]}, ${printedTime(termination.effectiveAt)}`,
];
