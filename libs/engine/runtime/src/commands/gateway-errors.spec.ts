import { describe, expect, it } from '@jest/globals';
import { ServiceError, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { isPassing, turnedAwayWith } from './gateway-errors';

const grpc = (code: number): ServiceError => new ServiceError('Workflow Update failed', { cause: Object.assign(new Error(), { code }) });
const failed = (type: string): WorkflowUpdateFailedError =>
  new WorkflowUpdateFailedError('Workflow Update failed', ApplicationFailure.create({ message: 'm', type }));

describe('what a failed update means', () => {
  it.each([1, 2, 4, 8, 9, 10, 13, 14])('gRPC %d passes: the same id is sent again', (code) => {
    expect(isPassing(grpc(code))).toBe(true);
  });

  it.each([3, 5, 6, 7, 11, 12, 15, 16])('gRPC %d does not', (code) => {
    expect(isPassing(grpc(code))).toBe(false);
  });

  it('an update that its run cut short is sent again; one that the rules turned away is not', () => {
    expect(isPassing(failed('AcceptedUpdateCompletedWorkflow'))).toBe(true);
    expect(isPassing(failed('busy'))).toBe(false);
    expect(['busy', 'quarantined', 'other'].map((type) => turnedAwayWith(failed(type)))).toEqual(['busy', 'quarantined', null]);
  });

  it('a fault of ours is not taken for a passing one', () => {
    expect(isPassing(new TypeError('x'))).toBe(false);
    expect(isPassing(new ServiceError('x'))).toBe(false);
  });
});
