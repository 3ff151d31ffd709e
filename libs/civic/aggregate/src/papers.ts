import type { Language, Texts } from '@qiyue/civic-domain';

/** A part of what is printed, its texts in the reader's language. */
export type PaperPart =
  | { readonly kind: 'heading'; readonly text: string; readonly onNewPage?: true }
  | { readonly kind: 'text'; readonly text: string }
  /** A name and what it is, a line each. */
  | { readonly kind: 'facts'; readonly rows: readonly (readonly [name: string, value: string])[] }
  /** `widths`: how wide columns are beside each other. `small`: of many columns, in small print. */
  | {
      readonly kind: 'table';
      readonly head: readonly string[];
      readonly widths: readonly number[];
      readonly rows: readonly (readonly string[])[];
      readonly small?: true;
    }
  /** Numbered. */
  | { readonly kind: 'list'; readonly items: readonly string[] }
  /** Beside each other, with room for a seal and a hand; never torn over two pages. */
  | {
      readonly kind: 'signatures';
      readonly heading: string;
      readonly note?: string;
      readonly sides: readonly { readonly title: string; readonly lines: readonly string[] }[];
    };

/** A printed document before it is laid out: which entity it is of, and how that can be checked, is added to each. */
export interface PaperDocument {
  readonly title: string;
  /** Left out: upright. */
  readonly orientation?: 'portrait' | 'landscape';
  readonly parts: readonly PaperPart[];
}

/** An event as the reader may see it. */
export interface PaperEvent {
  readonly seq: number;
  readonly type: string;
  /** ISO 8601 with +08:00. */
  readonly time: string;
  readonly actor: { readonly id: string; readonly role: string; readonly unit: string | null };
  readonly data: object;
}

/** What a paper is made from: the document and the history up to the same seq, as the reader may see them. What they may not is null there, and printed as a dash. */
export interface PaperSource<V> {
  readonly view: V;
  readonly events: readonly PaperEvent[];
  readonly language: Language;
}

/** A document that can be printed: `GET /v1/<path>/{id}/papers/<name>`, as PDF. */
export interface Paper<V> {
  readonly title: Texts;
  /** What it is and from when on there is one, in half a sentence. */
  readonly summary: string;
  /** Pure: the same source gives the same paper. Null: there is none yet. */
  documentOf(source: PaperSource<V>): PaperDocument | null;
}

/** An instant as papers say it: `2024-01-08 09:02`, Shanghai's time. */
export const printedTime = (at: string): string => at.slice(0, 16).replace('T', ' ');

/** A whole number of hundredths with its two decimals, exact: fen as yuan. */
export const printedHundredths = (whole: number): string => `${Math.floor(whole / 100)}.${String(whole % 100).padStart(2, '0')}`;

/** What is printed where there is nothing, or nothing that this reader may see. */
export const NOTHING_PRINTED = '—';
