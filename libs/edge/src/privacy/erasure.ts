import { recipientKey } from '@qiyue/notices';
import { PROCESS_ACTOR, type Journal } from '@qiyue/audit';
import { HANDOVER_SUBJECT } from '../auth/handed-receipt';
import { RIGHTS_SUBJECT } from '../auth/rights-seal';
import type { FileStore } from '../files/file-store';
import type { DirectoryStore } from '../notices/directory-store';
import type { InboxStore } from '../notices/inbox-store';
import type { NoticeStore } from '../notices/notice-store';
import type { PreferenceStore } from '../notices/preference-store';
import type { ApprovedErasure, ErasureRequests } from './erasure-requests';
import { PSEUDONYM_SUBJECT, SECRETS_SUBJECT, KeysUnavailable, type SubjectKeys } from '@qiyue/privacy';

export interface Erased {
  readonly erasureId: string;
  readonly subject: string;
  /** Of the key that was destroyed; null when there was none, or none any more. */
  readonly keyId: string | null;
  /** How many documents about the person were taken out. */
  readonly removed: Readonly<Record<'inbox' | 'notices' | 'preferences' | 'directory' | 'files', number>>;
}

export interface ErasureDeps {
  readonly keys: SubjectKeys;
  readonly journal: Pick<Journal, 'insist'>;
  readonly inbox: Pick<InboxStore, 'removeOf'>;
  readonly notices: Pick<NoticeStore, 'removeOf'>;
  readonly preferences: Pick<PreferenceStore, 'removeOf'>;
  readonly directory: Pick<DirectoryStore, 'removePerson'>;
  readonly files: Pick<FileStore, 'removeOf'>;
  readonly requests: Pick<ErasureRequests, 'unfinished' | 'done' | 'destroyed'>;
}

/** Keys of our own that lie beside those of persons. */
const OURS: ReadonlySet<string> = new Set([HANDOVER_SUBJECT, PSEUDONYM_SUBJECT]);
export const isErasable = (subject: string): boolean =>
  !OURS.has(subject) && ![RIGHTS_SUBJECT, SECRETS_SUBJECT].some((ours) => subject.startsWith(ours));

/**
 * Erases what a person wrote (个人信息保护法 Art. 47): their key is destroyed, so that no copy of what was sealed with it opens any more, in
 * the ledger, on topics, in Temporal or in a backup of any of them; files, inbox, preferences and entries of the directory go with it.
 *
 * Contract:
 * 1. No record is changed: every chain still verifies.
 * 2. The record of it is kept before anything is destroyed, so that no erasure goes unrecorded.
 * 3. `SubjectErased` is recorded only once the key opens nothing any more. One that was cut off is gone on with at the next start
 *    (`finishErasures`), and destroys what is left.
 */
export const eraseSubject = async ({ subject, requestedBy, approver, erasureId }: ApprovedErasure, deps: ErasureDeps): Promise<Erased> => {
  await deps.journal.insist(approver, { type: 'OperatorActed', data: { action: 'erase-subject', on: subject, requestedBy } });
  const key = await deps.keys.erase(subject);
  const to = recipientKey({ kind: 'actor', id: subject });
  const [inbox, notices, preferences, directory, files] = await Promise.all([
    deps.inbox.removeOf(to),
    deps.notices.removeOf(to),
    deps.preferences.removeOf(subject),
    deps.directory.removePerson(subject),
    deps.files.removeOf(subject),
  ]);
  const removed = { inbox, notices, preferences, directory, files };
  if (key !== null && (await deps.keys.byId(key.keyId)) !== null) throw new KeysUnavailable('an erased key still opens');
  await deps.journal.insist(approver, { type: 'SubjectErased', data: { subject, keyId: key?.keyId ?? null, removed, requestedBy } });
  await deps.requests.done(erasureId, key?.keyId ?? null);
  return { erasureId, subject, keyId: key?.keyId ?? null, removed };
};

/**
 * What a process left that ended in the middle of an erasure, and erased keys that a backup of their folder has brought back. Rejects while a
 * store is away: to be tried again.
 */
export const finishErasures = async (deps: ErasureDeps): Promise<void> => {
  for (const request of await deps.requests.unfinished()) await eraseSubject(request, deps);
  await deps.keys.settle();
  for (const { subject, keyId } of await deps.requests.destroyed()) {
    if (await deps.keys.destroy(subject, keyId))
      await deps.journal.insist(PROCESS_ACTOR, { type: 'OperatorActed', data: { action: 'erase-again', on: subject } });
  }
};
