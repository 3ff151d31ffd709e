import type { PublicNeedCommandType } from '@qiyue/need-domain';

/** What each command does, in half a sentence: for the command line's help and for the API's pages. */
export const COMMAND_SUMMARIES: Readonly<Record<PublicNeedCommandType, string>> = {
  submit: 'write a need on the list',
  amend: 'change what a need asks for, before anybody claims it',
  withdraw: 'take back a need of one’s own',
  reject: 'turn a need down, with a reason',
  merge: 'put a need to another one that asks for the same',
  inspect: 'write down what an inspection of the place found',
  claim: 'take a need on for a department, with a plan and a date',
  return: 'give a claim back (退件), with a reason',
  fund: 'say how much is paid, by whom, under which reference',
  start: 'begin the works',
  progress: 'tell how far the works are',
  complete: 'say that the works are complete, with evidence',
  accept: 'take the works over (验收)',
  'refuse-works': 'do not take the works over, with a reason',
  evaluate: 'score what was done, for the residents’ or the community’s side',
  reopen: 'open an evaluated need again, with a reason',
  whistle: 'call departments to the place (吹哨)',
  sign: 'sign the agreement (契约), as one of its two parties',
  pause: 'stop the clock while something is waited for',
  resume: 'let the clock go on',
  'request-extension': 'ask for more working days',
  grant: 'give the working days that were asked for',
  deny: 'refuse them, with a reason',
};
