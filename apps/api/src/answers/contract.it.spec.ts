import { describe } from '@jest/globals';
import { contractAnswers } from '../testing/answers/contract.answers';
import { describeAnswers } from '../testing/answers/describe-answers';

describe('a contract', () => describeAnswers(contractAnswers));
