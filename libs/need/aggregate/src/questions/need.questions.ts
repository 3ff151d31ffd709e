import { anyQuestion, type EntityQuestion } from '@qiyue/aggregate';
import { matchesWith, type OfferedResources } from './matches';
import { similar } from './similar';

/** What is asked about one need. */
export const needQuestions = (offered: OfferedResources): readonly EntityQuestion[] => [anyQuestion(similar), anyQuestion(matchesWith(offered))];
