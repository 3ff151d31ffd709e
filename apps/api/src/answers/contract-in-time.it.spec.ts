import { describe } from '@jest/globals';
import { contractAnswers } from '../testing/answers/contract.answers';
import { describeAnswersInTime } from '../testing/answers/describe-answers';

describe('a contract, once time has passed', () => describeAnswersInTime(contractAnswers));
