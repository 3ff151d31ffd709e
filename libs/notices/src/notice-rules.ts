import type { Language, PolicyDocument } from '@qiyue/civic-domain';
import type { Actor, EventShape, RecordBody } from '@qiyue/engine';
import type { KnownPersons } from './known-persons';
import type { Words } from './notice';
import type { Recipient } from './recipient';

/** An event of an entity, and the entity just before and after it. */
export interface Occasion<V> {
  readonly event: EventShape;
  readonly by: Actor;
  readonly before: V | null;
  readonly after: V;
}

/** Whom the events of one aggregate tell, and in which words. Pure: the same event gives the same notices for ever. */
export interface NoticeRules<V> {
  /** Of events that somebody is told of. */
  readonly types: readonly string[];
  /** In its newest form. */
  eventOf(record: RecordBody): EventShape;
  /** Each once. */
  recipientsOf(occasion: Occasion<V>, policy: PolicyDocument): readonly Recipient[];
  /** Who is told so much later, unless an office has its word before: see `callsOf`. Null: nobody. */
  laterFor?(occasion: Occasion<V>): { readonly recipients: readonly Recipient[]; readonly afterMs: number } | null;
  /** Whether what waits for an office's word still waits; where it does not, it is called off. */
  isWordAwaited?(after: V): boolean;
  /** `recipient`: what is said may depend on whom it is said to; left out: somebody who is asked for nothing. */
  wordsFor(occasion: Occasion<V>, language: Language, recipient?: Recipient): Words;
  /** The command that this recipient is asked for: one that they may give now. Null, and where it is left out: none. */
  asksFor?(occasion: Occasion<V>, recipient: Recipient): string | null;
  /** Passes quiet hours and waits for no other. */
  isUrgent(occasion: Occasion<V>): boolean;
  /** Who answers for it: what it has missed it cannot switch off. */
  leadOf(after: V): string | null;
  /** The person who wrote it; null: an office. */
  authorOf(after: V): { readonly id: string } | null;
  /** The version of the policy that its deadline runs on; null: none runs. */
  policyOf(after: V): string | null;
  /** All who have to be known before somebody is told, as they stand sealed beside their pseudonyms. */
  sealedPersonsOf(record: RecordBody, after: V): readonly string[];
  /** With persons by their ids: people are told, not pseudonyms. */
  withPersons(view: V, known: KnownPersons): V;
}
