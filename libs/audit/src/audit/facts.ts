import { eventTopicOf, type Actor } from '@qiyue/engine';

/** Why a login came to nothing: it was not begun here or too long ago, came back a second time, the provider's answer does not fit, or no answer came. */
export type LoginFailure = 'unknown' | 'replayed' | 'refused' | 'second-factor' | 'no-answer';

/** Namespace of the ledger that journals are written to. */
export const AUDIT = 'audit';
/** Where they go on Kafka. */
export const AUDIT_TOPIC = eventTopicOf(AUDIT);

/** `on`: an id. What takes two persons says in the second one's record who the first was. */
export interface OperatorAction {
  readonly action: string;
  readonly on: string | null;
  readonly requestedBy?: string;
  /** The operator's own reason. */
  readonly why?: string;
  /** What a key of a service was made for. */
  readonly key?: {
    readonly name: string;
    readonly role: string;
    readonly unit: string | null;
    readonly scopes: readonly string[];
    readonly expiresAt: string;
  };
}

/** The entity that a fact is about, under the name that its aggregate has for an id: `needId`. Null: not known, or none yet. */
export type About = Readonly<Record<`${string}Id`, string | null>>;

export const aboutEntity = (idName: string, entity: string | null): About => ({ [idName]: entity });

/**
 * What is recorded beside the entities themselves, as events of the aggregate `audit`: who was refused, who was shown or took away what, who
 * came in and who could not, what operators did. Never what was written, a token or a key. To each the journal adds `from`: the way in and the
 * source's address. `times`: so many alike in the seconds before, of which this is the first; left out: this one.
 */
export type AuditFact =
  | { readonly type: 'JournalOpened'; readonly data: { readonly process: string } }
  | {
      readonly type: 'CommandRefused';
      readonly data: {
        readonly commandId: string;
        readonly command: string;
        readonly code: string;
        readonly channel: 'http' | 'kafka';
        readonly times?: number;
      } & About;
    }
  | {
      readonly type: 'AccessDenied';
      readonly data: { readonly method: string; readonly route: string; readonly code: string; readonly times?: number };
    }
  | { readonly type: 'LoginFailed'; readonly data: { readonly why: LoginFailure; readonly times?: number } }
  | { readonly type: 'TokensRefused'; readonly data: { readonly why: string; readonly times: number } }
  | { readonly type: 'PersonalDataSeen'; readonly data: { readonly fields: readonly string[] } & About }
  /** `needs`: in so many that others wrote; `found`: ids of those that it was found in. */
  | {
      readonly type: 'PersonalDataSearched';
      readonly data: { readonly fields: readonly string[]; readonly needs: number; readonly found: readonly string[] };
    }
  | {
      readonly type: 'FileAttached';
      readonly data: { readonly fileId: string; readonly mediaType: string; readonly bytes: number } & About;
    }
  | { readonly type: 'Exported'; readonly data: { readonly what: string; readonly subject: string | null } }
  | { readonly type: 'LoggedIn' | 'LoggedOut'; readonly data: { readonly by: string; readonly ended?: number } }
  /** Records that were put back out of the events topic, by seq, with the hash of each. */
  | {
      readonly type: 'LedgerRestored';
      readonly data: { readonly records: readonly { readonly seq: number; readonly hash: string }[] } & About;
    }
  /** What a restore lost was given up: so many records, signed into the next checkpoint of the ledger. */
  | { readonly type: 'LossSettled'; readonly data: { readonly ledger: string; readonly records: number; readonly why: string } }
  | { readonly type: 'ChainRestarted'; readonly data: { readonly ledger: string; readonly why: string } }
  | { readonly type: 'OperatorActed'; readonly data: OperatorAction }
  | {
      readonly type: 'SubjectErased';
      readonly data: {
        readonly subject: string;
        readonly keyId: string | null;
        readonly removed: Readonly<Record<string, number>>;
        readonly requestedBy: string;
      };
    }
  /** A row of the database that would give somebody a right and was not written by us: `kind` is its collection, `on` its id. */
  | { readonly type: 'RightForged'; readonly data: { readonly kind: string; readonly on: string } }
  | { readonly type: 'FactsLost'; readonly data: { readonly count: number } };

export const AUDIT_FACTS = [
  'JournalOpened',
  'CommandRefused',
  'AccessDenied',
  'TokensRefused',
  'PersonalDataSeen',
  'PersonalDataSearched',
  'FileAttached',
  'Exported',
  'LoginFailed',
  'LoggedIn',
  'LoggedOut',
  'LedgerRestored',
  'LossSettled',
  'ChainRestarted',
  'OperatorActed',
  'SubjectErased',
  'RightForged',
  'FactsLost',
] as const satisfies readonly AuditFact['type'][];

/** Facts about nobody in particular. */
export const PROCESS_ACTOR: Actor = { id: 'process', role: 'system', unit: null };
