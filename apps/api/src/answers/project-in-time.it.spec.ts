import { describe } from '@jest/globals';
import { projectAnswers } from '../testing/answers/project.answers';
import { describeAnswersInTime } from '../testing/answers/describe-answers';

describe('a project, once time has passed', () => describeAnswersInTime(projectAnswers));
