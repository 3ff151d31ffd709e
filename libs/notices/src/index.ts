export { addressesOf, recipientKey, type Recipient } from './recipient';
export { EMPTY_DIRECTORY, type Directory, type Person, type Robot } from './directory';
export { OUTWARD_CHANNELS, type InboxNotice, type Notices, type OutwardChannel, type OutwardNotice, type Words } from './notice';
export { canBeOff, DEFAULT_PREFERENCES, type AnyChannel, type Preferences, type SwitchedOff } from './preferences';
export { isTold, type NoticeType, type ToldType } from './told';
export { alarmNotices, type LedgerFindings } from './alarm';
export { LANGUAGES, NOTICE_TYPES } from './templates/words-for';
export { digestOf, DIGEST_MAX, type Digestible, type Message } from './digest';
export { noticesFor, type Circumstances } from './notices-for';
