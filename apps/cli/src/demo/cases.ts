import cases from './jishan-2024.json';

/** One need of the 2024 report, as its data has it. */
export interface Case {
  readonly title: string;
  readonly kind: 'tangible' | 'service';
  readonly community: string;
  readonly compound: string | null;
  readonly items: readonly { readonly name: string; readonly quantity: number; readonly unit: string }[];
  readonly submittedBy: 'resident' | 'property' | 'grid' | 'community';
  /** The department that did it; the demo names one where the report does not. */
  readonly unit: string;
  readonly helpers: readonly string[];
  readonly fundedBy: 'department' | 'maintenance-fund';
}

const UNNAMED_UNIT = '县住房和城乡建设局';

export const CASES: readonly Case[] = cases.needs.map((need) => ({
  title: need.title,
  kind: need.kind as Case['kind'],
  community: need.community,
  compound: need.compound,
  items: need.items.map(({ name, quantity, unit }) => ({ name, quantity, unit })),
  submittedBy: need.submittedBy as Case['submittedBy'],
  unit: need.unit ?? UNNAMED_UNIT,
  helpers: need.helpers ?? [],
  fundedBy: need.fundedBy === 'maintenance-fund' ? 'maintenance-fund' : 'department',
}));
