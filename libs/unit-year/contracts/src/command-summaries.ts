import type { PublicUnitYearCommandType } from '@qiyue/unit-year-domain';

/** What each command does, in half a sentence: for the command line's help and for the API's pages. */
export const COMMAND_SUMMARIES: Readonly<Record<PublicUnitYearCommandType, string>> = {
  open: 'open the year of a department; the same again is the one that is there',
  'set-budget': 'say how much the department may spend in the year',
  'adjust-budget': 'give more or take back, with a reason',
  pledge: 'promise a 实事 or a 好事 for the year',
  'amend-pledge': 'change a pledge; once published only its description and date',
  'withdraw-pledge': 'take a pledge back, with a reason',
  publish: 'publish the pledges, as many of each kind as the policy says',
  link: 'name the need that fulfils a pledge',
  unlink: 'take the need of a pledge away again',
  contest: 'say that a pledge is not what was promised, as a community',
  settle: 'decide a contest, with a reason',
  'carry-over': 'let a pledge go over into the next year, with a reason',
  close: 'close the year before it ends by itself; what is not fulfilled has failed',
};
