import { describe } from '@jest/globals';
import { resourceAnswers } from '../testing/answers/resource.answers';
import { describeAnswers } from '../testing/answers/describe-answers';

describe('a resource', () => describeAnswers(resourceAnswers));
