import { KeysUnavailable } from '@qiyue/privacy';
import { Problem } from './problem';

/** Persons' keys cannot be reached: nothing was done, it may be asked again. */
export const unlessAway = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    throw error instanceof KeysUnavailable ? Problem.edge('unavailable') : error;
  }
};
