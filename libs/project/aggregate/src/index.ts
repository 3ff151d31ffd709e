export { project, projectAggregate } from './project.aggregate';
