export * from './channel';
export * from './open-channels';
export * from './robot-pace';
export type { RobotAddress } from './robot-dialect';
