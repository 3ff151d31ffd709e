import { describe } from '@jest/globals';
import { projectAnswers } from '../testing/answers/project.answers';
import { describeAnswers } from '../testing/answers/describe-answers';

describe('a project', () => describeAnswers(projectAnswers));
