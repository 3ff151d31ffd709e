export { communityProjectScores, projectScores } from './project-scores';
export { project, projectAggregate } from './project.aggregate';
