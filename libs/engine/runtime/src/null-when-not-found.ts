import { isGrpcServiceError, WorkflowNotFoundError } from '@temporalio/client';

/** gRPC's status code NOT_FOUND. */
const NOT_FOUND = 5;

/** What Temporal answers about a workflow, null when it has none of that id. A history is asked for past the client's own errors, so both are caught. */
export const nullWhenNotFound = async <T>(ask: () => Promise<T>): Promise<T | null> => {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError || (isGrpcServiceError(error) && Number(error.code) === NOT_FOUND)) return null;
    throw error;
  }
};
