/**
 * What fields mean, by name: the same name means the same in commands, events and documents. Where it does not, the key has the field that it stands
 * in before it (`items.unit`); `stages.*` is for every name in `stages`. Texts in schemas themselves go before.
 */
export type FieldTexts = Readonly<Record<string, string>>;

const LADDER: FieldTexts = {
  deadline: 'The deadline that the event starts, with the steps of its ladder',
  clock: 'The deadline that runs; null while none does',
  dueAt: 'When the deadline ends; null where the calendar does not reach yet',
  again: 'Steps that had been taken and lie ahead again: they will be told again',
  oldDueAt: 'When it would have ended before the change',
  steps: 'Steps of the ladder, soonest first',
  'steps.kind': 'A reminder before the deadline, its end, a rung behind it, or the end of waiting',
  'steps.name': 'What the policy calls the rung',
  'steps.at': 'When it is taken; null where the calendar does not reach yet',
  level: 'Rung of the ladder, from 1 on; 0 for a step that is no rung',
  firedAt: 'When the step was taken; null while it lies ahead',
  escalatedTo: 'The highest rung that was climbed, 0 for none',
  policy: 'Version of the policy that the deadlines are of',
  calendar: 'Version of the calendar of working days',
  provisional: 'Some of its dates are not covered by the calendar yet',
  paused: 'That the clock stands still, and why; null while it runs',
  'paused.since': 'Since when it stands still',
  pausedAt: 'When the clock was stopped',
  resumedAt: 'When it went on',
  waitingFor: 'Who or what is waited for meanwhile',
  extension: 'What became of the request for more time; null when there was none',
  'extension.state': 'Asked for, granted or denied',
  workingDays: 'How many working days more',
  light: 'Green until the reminder, yellow until the deadline, red after it; null when nobody is waited for or there is no date yet',
  'clock.from': 'Since when the deadline runs',
  'deadline.from': 'Since when the deadline runs',
};

/** Of every kind of entity. */
export const COMMON_FIELDS: FieldTexts = {
  ...LADDER,
  seq: 'Number of the last event that is in it: 1, 2, 3 … per entity',
  number: 'What people call it by, on paper and on the phone: `240701-7K3M9P-N`; made of its id, so that two may have the same',
  hash: 'Hash of the last event, which covers all before it',
  createdAt: 'When it began',
  updatedAt: 'When its last event happened',
  author: 'Who wrote it',
  actor: 'Who did it',
  id: 'Id of the person or service; a pseudonym where the reader may not know them',
  role: 'Role in which they did it',
  unit: 'Department, community or office by its name; null for none',
  person: 'Whom the pseudonym stands for, sealed',
  reason: 'Why, in the words of whoever did it',
  note: 'What else there is to say',
  items: 'Entries of this page',
  nextCursor: '`cursor` of the next page; null on the last',
  events: 'All events, oldest first',
  'events.seq': 'Number of the event: 1, 2, 3 … per entity, without a gap',
  'events.hash': 'Hash of this event and of all before it',
};
