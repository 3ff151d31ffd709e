import 'reflect-metadata';
import { reactionsOf } from '@qiyue/aggregate';
import { AGGREGATES } from '@qiyue/aggregates';
import { loadSettings, runProcess } from '@qiyue/platform';
import { REACTION_SETTINGS, startReactions } from './start-reactions';

runProcess('reactions', (log) => startReactions(loadSettings(process.env, ...REACTION_SETTINGS), reactionsOf(AGGREGATES), log));
