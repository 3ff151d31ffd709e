import { describe } from '@jest/globals';
import { unitYearAnswers } from '../testing/answers/unit-year.answers';
import { describeAnswers } from '../testing/answers/describe-answers';

describe('a unit’s year', () => describeAnswers(unitYearAnswers));
