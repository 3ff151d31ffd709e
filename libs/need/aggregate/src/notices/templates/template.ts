import type { ToldType } from '../told';
import type { TemplateFacts } from './facts';

/** Subject and text. */
export type Template = (facts: TemplateFacts) => readonly [subject: string, text: string];

/** One for every event that is told: a new one does not compile without. */
export type Templates = Readonly<Record<ToldType, Template>>;
