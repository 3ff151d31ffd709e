import { describe } from '@jest/globals';
import { decisionAnswers } from '../testing/answers/decision.answers';
import { describeAnswers } from '../testing/answers/describe-answers';

describe('a decision', () => describeAnswers(decisionAnswers));
