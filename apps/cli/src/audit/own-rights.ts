import { RightsSeal } from '@qiyue/edge';
import { KeyFolder } from '@qiyue/privacy';
import { ensureAuth } from '@qiyue/stack';
import { CliError, dataDir } from '../context';
import { inWords } from '../show/language';

/** By the folder of persons' keys: that of the running stack, or the one that the environment names. */
export const ownRights = async (): Promise<RightsSeal> => new RightsSeal(new KeyFolder((await ensureAuth(dataDir())).QIYUE_KEYS));

/** The same for what others are to obey: with another folder than theirs it would be signed by nobody. */
export const rightsToSignBy = async (): Promise<RightsSeal> => {
  const rights = await ownRights();
  if (await rights.isAdopted()) return rights;
  throw new CliError(
    inWords({
      'zh-CN': '这不是系统正在使用的密钥文件夹：请将 QIYUE_KEYS 设为该文件夹，或先启动一次系统',
      en: 'this folder of keys is not the one that the system runs on: set QIYUE_KEYS to it, or start the system once',
    }),
  );
};
