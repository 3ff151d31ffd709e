/**
 * The shell of an entity on Temporal: `entityWorkflow` makes one workflow out of a decider.
 *
 * @module @qiyue/engine-workflow
 */
export * from './entity-workflow';
export * from './observed-workflow';
export * from './saga-workflow';
