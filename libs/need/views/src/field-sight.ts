import { named, SIGHTS, type Sight } from '@qiyue/civic-views';

/**
 * What stands on the list, and what offices, dates and money are called in documents and events. Named one by one: a field that stands in no
 * row of this file is shown to nobody, so that whoever adds one has to say who may see it.
 */
const MONEY = [
  'split',
  'departmentFen',
  'donationFen',
  'fundFen',
  'finalCostFen',
  'spentFen',
  'ownersSpentFen',
  'deltaFen',
  'beforeFen',
  'cancelledAt',
] as const;
const PUBLIC = [
  ...['number', 'waitsFor', 'who', 'what', 'names'],
  ...['needId', 'seq', 'stage', 'status', 'title', 'kind', 'category', 'urgency', 'items', 'name', 'quantity', 'unit', 'community', 'scope'],
  ...['location', 'lat', 'lng', 'author', 'id', 'role', 'followers', 'adopted', 'from', 'into', 'mergedInto'],
  ...[
    'helpers',
    'joined',
    'contactSharedWith',
    'plan',
    'promisedBy',
    'urgencyConfirmed',
    'was',
    'oldCommunity',
    'again',
    'to',
    'round',
    'reach',
    'units',
    'answerBy',
    'whistle',
  ],
  ...['answers', 'answer', 'reportedAt', 'volunteers', 'decision', 'decisionId', 'progress', 'projectId'],
  ...['contract', 'department', 'party', 'funding', 'amountFen', 'source', 'reference', 'at', ...MONEY, 'evidence', 'progress', 'inspection'],
  ...['evaluations', 'resident', 'score', 'satisfied', 'residentScore', 'communityScore', 'lapsed', 'missing', 'cause'],
  ...[
    'deadlines',
    'deadline',
    'claimBy',
    'fundBy',
    'returnUntil',
    'doneBy',
    'evaluateBy',
    'closesAt',
    'dueAt',
    'oldDueAt',
    'submittedAt',
    'claimedAt',
  ],
  ...[
    'clock',
    'provisional',
    'steps',
    'level',
    'firedAt',
    'policy',
    'calendar',
    'paused',
    'since',
    'extension',
    'state',
    'workingDays',
    'escalatedTo',
  ],
  ...['pausedAt', 'resumedAt', 'stages', 'endedAt', 'late', 'light', 'createdAt', 'updatedAt', 'hash', 'omitted'],
] as const;

/**
 * The least sight that shows a field. `location` is public to a hundredth of a degree, about a kilometre; `exactLocation` is the rest of it, and
 * goes into `location` of those who may see it; `person` and `persons` are whom pseudonyms stand for, and go into the place of the pseudonym.
 */
export const FIELD_SIGHT: Readonly<Record<string, Sight>> = {
  ...named('public', PUBLIC),
  ...named('official', ['reason', 'note', 'notes', 'waitingFor', 'reservation', 'owners', 'unitYearId', 'reservationId', 'revision']),
  ...named('personal', ['description', 'compound', 'exactLocation', 'photos', 'url', 'text', 'comment', 'files']),
  ...named('contact', ['contact', 'person', 'persons']),
};

/** What a field of one event, or of a need in one stage, says more of a person than the same field elsewhere. */
export const CLOSER_SIGHT: Readonly<Record<string, Readonly<Record<string, Sight>>>> = {
  /** Why somebody no longer wants it is their own story. */
  NeedWithdrawn: { reason: 'personal' },
  withdrawn: { reason: 'personal' },
};

/** The least sight that shows a field; null for one that nobody may see. `within`: the type of the event, or the stage of the need, that it stands in. */
export const leastSightOf = (field: string, within?: string): Sight | null => {
  const closer = within !== undefined && Object.hasOwn(CLOSER_SIGHT, within) ? CLOSER_SIGHT[within]?.[field] : undefined;
  return closer ?? (Object.hasOwn(FIELD_SIGHT, field) ? (FIELD_SIGHT[field] ?? null) : null);
};

export const sees = (sight: Sight, field: string, within?: string): boolean => {
  const least = leastSightOf(field, within);
  return least !== null && SIGHTS.indexOf(sight) >= SIGHTS.indexOf(least);
};
