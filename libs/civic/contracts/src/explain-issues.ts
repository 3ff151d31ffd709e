import type { Language } from '@qiyue/civic-domain';
import { z } from 'zod';
import { wordsOfIssue } from './issue-words';
import { RULE_TEXTS, type Rule } from './rule-texts';

export interface ExplainedIssue {
  /** Where, as `items.0.quantity`; empty for the body itself. */
  readonly path: string;
  readonly message: string;
}

const ISSUES_MAX = 20;
const MESSAGE_MAX = 300;

/** What is wrong with a body that nests deeper than anybody means to. */
export const nestedTooDeep = (): z.core.$ZodError => new z.ZodError([{ code: 'custom', path: [], message: 'nesting' satisfies Rule }]);

/** What is wrong with a body that names files which its sender cannot name: where they stand in it. */
export const unknownFiles = (paths: readonly (readonly (string | number)[])[]): z.core.$ZodError =>
  new z.ZodError(paths.map((path) => ({ code: 'custom', path: [...path], message: 'known-file' satisfies Rule })));

/** What is wrong with a body, in the reader's language. Never quotes a value but a place's name, so nothing personal gets into an answer. */
export const explainIssues = (error: z.core.$ZodError, language: Language): readonly ExplainedIssue[] =>
  error.issues
    .flatMap((issue) => nearest(issue))
    .slice(0, ISSUES_MAX)
    .map((issue) => ({
      path: issue.path.map(String).join('.').slice(0, MESSAGE_MAX),
      message: messageOf(issue, language).slice(0, MESSAGE_MAX),
    }));

/** Of a choice between forms, what is wrong with the one that lacks the least. */
const nearest = (issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] => {
  if (issue.code !== 'invalid_union') return [issue];
  const [least] = issue.errors.filter(({ length }) => length > 0).toSorted((a, b) => a.length - b.length);
  return least === undefined ? [issue] : least.flatMap((inner) => nearest({ ...inner, path: [...issue.path, ...inner.path] }));
};

const messageOf = (issue: z.core.$ZodIssue, language: Language): string => {
  const { message } = issue;
  if (!Object.hasOwn(RULE_TEXTS, message)) return wordsOfIssue(issue, language);
  const params: Readonly<Record<string, unknown>> = issue.code === 'custom' ? (issue.params ?? {}) : {};
  return RULE_TEXTS[message as Rule][language].replace(/\{(\w+)\}/g, (_, name: string) => String(params[name]));
};
