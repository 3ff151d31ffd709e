import { describe, expect, it } from '@jest/globals';
import type { AnyAggregate } from './aggregate';
import { clashesOf } from './clashes';

const kind = (aggregate: string, over: object = {}): AnyAggregate =>
  ({
    decider: { aggregate },
    path: `${aggregate}s`,
    commands: { borrow: {} },
    idName: `${aggregate}Id`,
    model: { name: `${aggregate}s` },
    ...over,
  }) as unknown as AnyAggregate;

describe('kinds of entities', () => {
  it('stand beside each other where nothing of them is called alike', () => {
    expect(clashesOf([kind('loan'), kind('lease', { searchAttributes: { DueAt: 'Datetime' } }), kind('gift')])).toEqual([]);
  });

  it('clash by each name that two of them have, whatever the size of its letters', () => {
    expect(clashesOf([kind('loan'), kind('loan')])).toEqual([
      'loan has the name loan of loan',
      'loan has the path loans of loan',
      'loan has the name of ids loanId of loan',
      'loan has the read model loans of loan',
    ]);
    expect(clashesOf([kind('loan'), kind('lease', { path: 'Loans' })])).toEqual(['lease has the path Loans of loan']);
    expect(clashesOf([kind('loan'), kind('lease', { idName: 'loanId' })])).toEqual(['lease has the name of ids loanId of loan']);
    expect(clashesOf([kind('loan'), kind('lease', { queries: [{ path: 'loans' }] })])).toEqual(['lease has the path loans of loan']);
    expect(clashesOf([kind('loan'), kind('lease', { model: { name: 'loans' } })])).toEqual(['lease has the read model loans of loan']);
  });

  it('clash with themselves by a question that is called like a command, another question, or what every kind is asked', () => {
    const asked = (...names: readonly string[]) => clashesOf([kind('loan', { questions: names.map((name) => ({ name })) })]);
    expect(asked('similar', 'matches')).toEqual([]);
    expect(['borrow', 'history', 'loan'].flatMap((name) => asked(name))).toEqual([
      'loan has the question borrow, which is taken',
      'loan has the question history, which is taken',
      'loan has the question loan, which is taken',
    ]);
    expect(asked('similar', 'similar')).toEqual(['loan has the question similar, which is taken']);
  });

  it('clash with what is ours, and by a search attribute of two types', () => {
    expect(clashesOf([kind('audit')])).toEqual(['the name audit is taken']);
    const due = (type: string): object => ({ searchAttributes: { DueAt: type } });
    expect(clashesOf([kind('loan', due('Datetime')), kind('lease', due('Keyword')), kind('gift', due('Datetime'))])).toEqual([
      'lease has the search attribute DueAt as Keyword, which is Datetime already',
    ]);
  });
});
