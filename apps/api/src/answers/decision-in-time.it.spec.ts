import { describe } from '@jest/globals';
import { decisionAnswers } from '../testing/answers/decision.answers';
import { describeAnswersInTime } from '../testing/answers/describe-answers';

describe('a decision, once time has passed', () => describeAnswersInTime(decisionAnswers));
