import 'reflect-metadata';
import { loadSettings, runProcess } from '@qiyue/platform';
import { startApi } from './start-api';

runProcess('api', (log) =>
  startApi(
    loadSettings(
      process.env,
      'QIYUE_TEMPORAL_ADDRESS',
      'QIYUE_TEMPORAL_NAMESPACE',
      'QIYUE_KAFKA_BROKERS',
      'QIYUE_MONGODB_URI',
      'QIYUE_MONGODB_DATABASE',
      'QIYUE_API_PORT',
      'QIYUE_API_HOST',
      'QIYUE_JWKS',
      'QIYUE_JWT_ISSUER',
      'QIYUE_JWT_AUDIENCE',
      'QIYUE_KEYS',
      'QIYUE_SECOND_FACTOR',
      'QIYUE_SECOND_FACTOR_ACR',
      'QIYUE_SESSION_IDLE_MINUTES',
      'QIYUE_SEPARATE_DUTIES',
      'QIYUE_OIDC_ISSUER',
      'QIYUE_OIDC_CLIENT_ID',
      'QIYUE_OIDC_CLIENT_SECRET_FILE',
      'QIYUE_OIDC_REDIRECT',
      'QIYUE_REQUESTS_PER_SECOND',
      'QIYUE_TRUSTED_PROXIES',
      'QIYUE_API_IN_FLIGHT_PER_NEED',
      'QIYUE_COMMAND_WAIT_MS',
      'QIYUE_CONTINUE_AFTER_UPDATES',
      'QIYUE_REHEARSAL_CLOCK',
      'QIYUE_POLICY_FILE',
      'QIYUE_CALENDAR_FILE',
      'QIYUE_CHECKPOINT_MINUTES',
      'QIYUE_PUBLIC_URL',
    ),
    log,
  ),
);
