import { connectTemporal } from '@qiyue/platform';
import type { System } from '@qiyue/testkit';

type Client = ReturnType<typeof connectTemporal>['client'];

/** Temporal as our processes see it, on a connection of its own. */
export const withTemporal = async <T>({ servers }: System, work: (client: Client) => Promise<T>): Promise<T> => {
  const { client, connection } = connectTemporal({ QIYUE_TEMPORAL_ADDRESS: servers.temporal.address, QIYUE_TEMPORAL_NAMESPACE: 'default' });
  try {
    return await work(client);
  } finally {
    await connection.close();
  }
};
