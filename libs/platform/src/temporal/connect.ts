import { Client, Connection } from '@temporalio/client';
import { temporalSecurityOf, type SomeSecurity } from '../config/security';

export interface TemporalSettings extends SomeSecurity {
  readonly QIYUE_TEMPORAL_ADDRESS: string;
  readonly QIYUE_TEMPORAL_NAMESPACE: string;
}

/** A lazy connection: a Temporal that is away at start is met by each call's own deadline, not by a process that will not start. */
export const connectTemporal = (settings: TemporalSettings): { readonly client: Client; readonly connection: Connection } => {
  const connection = Connection.lazy({ address: settings.QIYUE_TEMPORAL_ADDRESS, ...temporalSecurityOf(settings) });
  return { client: new Client({ connection, namespace: settings.QIYUE_TEMPORAL_NAMESPACE }), connection };
};
