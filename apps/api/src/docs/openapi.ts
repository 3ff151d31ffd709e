import { directoryDocument } from '@qiyue/adapters';
import { noticeTypesOf, type AnyAggregate } from '@qiyue/aggregate';
import { preferencesBodyOf } from '../inbox/preferences.controller';
import { keyBody } from '../keys/keys.controller';
import { erasureBody, exportBody, holdBody, sealBodyOf } from '../privacy/privacy.controller';
import { aggregatePaths } from './aggregate-paths';
import { aggregateSchemas } from './aggregate-schemas';
import { jsonSchemaOf } from './json-schema';
import type { Paths } from './parts';
import { platformPaths } from './platform-paths';
import { responsesOf } from './response-schemas';

export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: object;
  readonly paths: Paths;
  readonly [part: string]: unknown;
}

/** Made of the aggregates' definitions and of the schemas that the answers' types are held to. */
export const openApiDocument = (version: string, aggregates: readonly AnyAggregate[]): OpenApiDocument => ({
  openapi: '3.1.0',
  info: {
    title: 'Qiyue',
    version,
    description: 'Community needs as durable, audited commitments. Problems are RFC 9457 documents with a stable `code`.',
  },
  security: [{ token: [] }],
  paths: { ...Object.assign({}, ...aggregates.map(aggregatePaths)), ...platformPaths() } as Paths,
  components: {
    securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'Claims `sub`, `role`, `unit`' } },
    schemas: {
      ...(Object.assign({}, ...aggregates.map(aggregateSchemas)) as object),
      PreferencesBody: jsonSchemaOf(preferencesBodyOf(noticeTypesOf(aggregates)), 'input'),
      SealBody: jsonSchemaOf(sealBodyOf(aggregates), 'input'),
      ErasureBody: jsonSchemaOf(erasureBody, 'input'),
      ExportBody: jsonSchemaOf(exportBody, 'input'),
      Nothing: { type: 'object', additionalProperties: false },
      HoldBody: jsonSchemaOf(holdBody, 'input'),
      KeyBody: jsonSchemaOf(keyBody, 'input'),
      DirectoryBody: jsonSchemaOf(directoryDocument, 'input'),
      ...Object.fromEntries(Object.entries(responsesOf(aggregates)).map(([name, schema]) => [name, jsonSchemaOf(schema, 'output')])),
    },
  },
});
