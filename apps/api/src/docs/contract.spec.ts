import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { AGGREGATES } from '@qiyue/aggregates';
import { asyncApiDocument } from './asyncapi';
import { breaksBetween, contractOf, type Contract } from './contract';
import { catalogueText } from './event-catalogue';
import { openApiDocument } from './openapi';

const INFRA = resolve(__dirname, '../../../../infra');
const read = (path: string): string => readFileSync(resolve(INFRA, path), 'utf8');
const HINT = '`npm run documents` writes what is new';

const kept = JSON.parse(read('contract/contract.json')) as Contract;
const today = contractOf(openApiDocument('0', AGGREGATES), asyncApiDocument('0', AGGREGATES));

describe('what others have built on', () => {
  it('is not broken by what there is today', () => {
    expect(breaksBetween(kept, today)).toEqual([]);
  });

  it('is written down with what is new', () => {
    const unwritten = Object.keys(today).filter((place) => kept[place] !== today[place]);
    expect({ unwritten, hint: HINT }).toEqual({ unwritten: [], hint: HINT });
  });

  it('is told on a page of all events', () => {
    const page = read('docs/event-catalogue.md');
    expect(page.slice(page.indexOf('\n## ') + 1).trimEnd()).toBe(catalogueText(AGGREGATES));
  });
});

const without = (place: string): Contract => Object.fromEntries(Object.entries(today).filter(([at]) => at !== place));

describe('a change that breaks somebody', () => {
  const body = 'in NeedSubmitBody';
  const event = 'event qiyue.need.NeedFunded.v1';
  const planted: readonly (readonly [string, Contract, string])[] = [
    ['a field of a body that is gone', without(`${body}.urgency`), `${body}.urgency is gone`],
    ['a field of an answer that is gone', without('out NeedView.title'), 'out NeedView.title is gone'],
    ['a field of an event that is gone', without(`${event}.data.amountFen`), `${event}.data.amountFen is gone`],
    ['an event that is gone', without(event), `${event} is gone`],
    ['an operation that is gone', without('operation POST /v1/needs/{needId}/fund'), 'operation POST /v1/needs/{needId}/fund is gone'],
    ['a command on the topic that is gone', without('in qiyue.need.fund.v1'), 'in qiyue.need.fund.v1 is gone'],
    ['a parameter that is gone', without('in GET /v1/needs ?overdue'), 'in GET /v1/needs ?overdue is gone'],
    ['a narrowed list of values', { ...today, [`${body}.kind`]: 'required string of ["tangible"]' }, `${body}.kind takes service no more`],
    ['values where any were taken', { ...today, [`${body}.category`]: 'string of ["a"]' }, `${body}.category takes a alone`],
    ['another type', { ...today, 'out NeedView.seq': 'required string' }, 'out NeedView.seq is string, not integer any more'],
    [
      'a field that becomes required',
      { ...today, [`${body}.scope`]: today[`${body}.scope`]?.replace(/^/, 'required ') ?? '' },
      `${body}.scope is required now`,
    ],
    ['a new field that is required in a body', { ...today, [`${body}.colour`]: 'required string' }, `${body}.colour is new and required`],
    ['a new parameter that is required', { ...today, 'in GET /v1/needs ?later': 'required integer' }, 'in GET /v1/needs ?later is new and required'],
    [
      'a new field that is required in an event',
      { ...today, [`${event}.data.colour`]: 'required string' },
      `${event}.data.colour is new and required`,
    ],
    ['a field of an answer that may be missing', { ...today, 'out NeedView.seq': 'integer' }, 'out NeedView.seq may be left out now'],
  ];
  it.each(planted)('is found: %s', (_, changed, told) => {
    expect(breaksBetween(today, changed)).toEqual([told]);
  });

  it('is none when a kind of entity, an operation or a field that may be left out is new', () => {
    const more: Contract = {
      'operation POST /v1/loans': 'loanLend',
      'operation POST /v1/loans body': 'LoanLendBody',
      'in POST /v1/loans ?key': 'required string',
      'in LoanLendBody.book': 'required string',
      'event qiyue.loan.BookLent.v1': 'message',
      'event qiyue.loan.BookLent.v1.data': 'required object',
      'event qiyue.loan.BookLent.v1.data.book': 'required string',
      [`${body}.colour`]: 'string',
      'out NeedView.colour': 'required string',
    };
    expect(breaksBetween(today, { ...today, ...more })).toEqual([]);
  });
});
