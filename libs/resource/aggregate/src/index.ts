export { resource, resourceAggregate } from './resource.aggregate';
