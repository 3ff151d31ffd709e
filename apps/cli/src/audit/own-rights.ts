import { KeyFolder, RightsSeal } from '@qiyue/adapters';
import { ensureAuth } from '@qiyue/stack';
import { dataDir } from '../context';

/** By the folder of persons' keys: that of the running stack, or the one that the environment names. */
export const ownRights = async (): Promise<RightsSeal> => new RightsSeal(new KeyFolder((await ensureAuth(dataDir())).QIYUE_KEYS));
