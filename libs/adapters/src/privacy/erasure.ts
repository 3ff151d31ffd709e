import { recipientKey } from '@qiyue/notices';
import type { Actor } from '@qiyue/engine';
import type { Journal } from '../audit/journal';
import type { FileStore } from '../files/file-store';
import type { DirectoryStore } from '../notices/directory-store';
import type { InboxStore } from '../notices/inbox-store';
import type { NoticeStore } from '../notices/notice-store';
import type { PreferenceStore } from '../notices/preference-store';
import type { SubjectKeys } from './subject-keys';

export interface Erased {
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
}

/**
 * Erases what a person wrote (个人信息保护法 Art. 47): their key is destroyed, so that no copy of what was sealed with it opens any more, in
 * the ledger, on topics, in Temporal or in a backup of any of them; files, inbox, preferences and entries of the directory go with it.
 *
 * Contract:
 * 1. No record is changed: every chain still verifies.
 * 2. The record of it is kept before anything is destroyed, so that no erasure goes unrecorded; one that was cut off is done again by
 *    asking again, and destroys what is left.
 */
export const eraseSubject = async (subject: string, by: Actor, deps: ErasureDeps): Promise<Erased> => {
  await deps.journal.insist(by, { type: 'OperatorActed', data: { action: 'erase-subject', on: subject } });
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
  await deps.journal.insist(by, { type: 'SubjectErased', data: { subject, keyId: key?.keyId ?? null, removed } });
  return { subject, keyId: key?.keyId ?? null, removed };
};
