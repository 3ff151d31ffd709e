import { directoryDocument } from '@qiyue/edge';
import { noticeTypesOf, type AnyAggregate } from '@qiyue/aggregate';
import { COMMON_FIELDS } from '@qiyue/civic-contracts';
import { z } from 'zod';
import { preferencesBodyOf } from '../inbox/preferences.controller';
import { keyBody } from '../keys/keys.controller';
import { erasureBody, exportBody, holdBody, sealBodyOf } from '../privacy/privacy.controller';
import { aggregatePaths } from './aggregate-paths';
import { aggregateSchemas } from './aggregate-schemas';
import { described, textsOf } from './described';
import { PLATFORM_FIELDS } from './field-texts';
import { jsonSchemaOf } from './json-schema';
import { STANDARD_PROBLEMS, type Paths } from './parts';
import { PLATFORM_TAGS, platformPaths } from './platform-paths';
import { responsesOf } from './response-schemas';

export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: object;
  readonly paths: Paths;
  readonly [part: string]: unknown;
}

const DESCRIPTION = `Community needs as durable, audited commitments. Problems are RFC 9457 documents with a stable \`code\`, in Chinese or English by
\`Accept-Language\`. Times are ISO 8601 with +08:00. Fields that a reader may not see are null.`;

/** Bodies of routes that are there whatever the aggregates are. */
const bodiesOf = (aggregates: readonly AnyAggregate[]): Readonly<Record<string, z.ZodType>> => ({
  PreferencesBody: preferencesBodyOf(noticeTypesOf(aggregates)),
  SealBody: sealBodyOf(aggregates),
  ErasureBody: erasureBody,
  ExportBody: exportBody,
  Nothing: z.strictObject({}),
  HoldBody: holdBody,
  KeyBody: keyBody,
  DirectoryBody: directoryDocument,
});

/** Made of the aggregates' definitions and of the schemas that the answers' types are held to. */
export const openApiDocument = (version: string, aggregates: readonly AnyAggregate[]): OpenApiDocument => {
  const ids = Object.fromEntries(aggregates.map(({ idName, noun }) => [idName, `Id of the ${noun.en}; opaque`]));
  const texts = textsOf(PLATFORM_FIELDS, ids, COMMON_FIELDS);
  const schemas = (of: Readonly<Record<string, z.ZodType>>, io: 'input' | 'output'): object =>
    Object.fromEntries(Object.entries(of).map(([name, schema]) => [name, described(jsonSchemaOf(schema, io), texts, name)]));
  return {
    openapi: '3.1.0',
    info: { title: 'Qiyue', version, description: DESCRIPTION, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/', description: 'Where this document came from' }],
    security: [{ token: [] }],
    tags: [
      ...aggregates.map(({ path, noun }) => ({ name: path, description: `Each ${noun.en}: commands, documents, histories, files` })),
      ...PLATFORM_TAGS,
    ],
    paths: { ...(Object.assign({}, ...aggregates.map(aggregatePaths)) as Paths), ...platformPaths(aggregates, texts) },
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'Claims `sub`, `role`, `unit`; or a service’s key' },
      },
      responses: STANDARD_PROBLEMS,
      schemas: {
        ...(Object.assign({}, ...aggregates.map(aggregateSchemas)) as object),
        ...schemas(bodiesOf(aggregates), 'input'),
        ...schemas(responsesOf(aggregates), 'output'),
      },
    },
  };
};
