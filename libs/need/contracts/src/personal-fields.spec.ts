import { expect, it } from '@jest/globals';
import { PERSONAL_FIELDS } from './index';

it('names every field of commands and events that may tell about a person', () => {
  expect(PERSONAL_FIELDS).toEqual({
    commands: {
      submit: ['description', 'contact'],
      amend: ['description', 'contact'],
      withdraw: ['reason'],
      reject: ['reason'],
      merge: [],
      inspect: ['notes', 'photos'],
      claim: [],
      return: ['reason'],
      fund: [],
      start: ['note'],
      progress: ['note', 'photos'],
      complete: ['evidence[].url', 'evidence[].text'],
      accept: ['note'],
      'refuse-works': ['reason'],
      evaluate: ['comment'],
      reopen: ['reason'],
    },
    events: {
      NeedSubmitted: ['description', 'contact'],
      NeedAmended: ['description', 'contact'],
      NeedWithdrawn: ['reason'],
      NeedRejected: ['reason'],
      NeedMerged: [],
      NeedAdopted: [],
      NeedUnadopted: [],
      NeedInspected: ['notes', 'photos'],
      NeedClaimed: [],
      ClaimReturned: ['reason'],
      NeedFunded: [],
      WorksStarted: ['note'],
      ProgressReported: ['note', 'photos'],
      WorksReported: ['evidence[].url', 'evidence[].text'],
      WorksRefused: ['reason'],
      NeedDone: ['note'],
      ResidentEvaluated: ['comment'],
      CommunityEvaluated: ['comment'],
      NeedEvaluated: [],
      NeedReopened: ['reason'],
      NeedClosed: [],
    },
  });
});
