import { connectTemporal, quietTemporal, securityIn } from '@qiyue/platform';
import { statusOf } from '@qiyue/stack';
import { CliError, dataDir } from '../context';
import { inWords } from '../show/language';
import { NO_TEMPORAL } from '../show/sentences';

type Client = ReturnType<typeof connectTemporal>['client'];

/** The Temporal of the running stack, or the one that the environment names. */
export const withTemporal = async <T>(work: (client: Client) => Promise<T>): Promise<T> => {
  const address = process.env['QIYUE_TEMPORAL_ADDRESS'] ?? statusOf(dataDir()).temporal;
  if (address === null) throw new CliError(inWords(NO_TEMPORAL));
  await quietTemporal();
  const { client, connection } = connectTemporal({
    ...securityIn(process.env),
    QIYUE_TEMPORAL_ADDRESS: address,
    QIYUE_TEMPORAL_NAMESPACE: process.env['QIYUE_TEMPORAL_NAMESPACE'] ?? 'default',
  });
  try {
    return await work(client);
  } finally {
    await connection.close();
  }
};
