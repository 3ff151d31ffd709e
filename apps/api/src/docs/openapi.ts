import { AUDIT_FACTS, directoryDocument, INBOX_STATES, NOTICE_STATES } from '@qiyue/adapters';
import { COMMAND_SUMMARIES, needCommandSchemas, PUBLIC_NEED_COMMANDS } from '@qiyue/need-contracts';
import { DEADLINE_STAGES, type PublicNeedCommandType } from '@qiyue/need-domain';
import { preferencesBody } from '../inbox/preferences.controller';
import { FILE_TYPES } from '../files/file-content';
import { NEED_STAGES, NEED_STATUSES, PAGE_MAX } from '../needs/list-query';
import { erasureBody, exportBody, holdBody, sealBody } from '../privacy/privacy.controller';
import { keyBody } from '../keys/keys.controller';
import { COMMAND_EXAMPLES } from './examples';
import { jsonSchemaOf, type JsonSchema } from './json-schema';
import { responses } from './response-schemas';

type Schemas = keyof typeof responses;

export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: object;
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>;
  readonly [part: string]: unknown;
}

const ref = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });
const answer = (name: Schemas, description: string): object => ({ description, content: { 'application/json': { schema: ref(name) } } });
const plain = (type: string, description: string): object => ({ description, content: { [type]: { schema: { type: 'string' } } } });
const problem = (description: string): object => ({ description, content: { 'application/problem+json': { schema: ref('Problem') } } });
const parameter = (at: 'path' | 'query' | 'header', name: string, schema: object, description?: string): object => ({
  name,
  in: at,
  required: at === 'path',
  schema,
  ...(description === undefined ? {} : { description }),
});

const needId = parameter('path', 'needId', { type: 'string' });
const idempotencyKey = parameter(
  'header',
  'Idempotency-Key',
  { type: 'string', pattern: '^[!-~]{1,200}$' },
  'The command’s id: the same key gives the same answer for ever. Made by the server when absent.',
);
const UNREADABLE = {
  400: problem('The body is no JSON'),
  413: problem('`too-large`: the body is larger than 1 MB, or its event, sealed, would be larger than can be published'),
  415: problem('The body is not application/json'),
};
const TOO_MANY = { 429: problem('`too-many-requests`: see `Retry-After`') };
const UNAUTHENTICATED = { 401: problem('No token, or a bad one'), ...TOO_MANY };
const UNAVAILABLE = { 503: problem('`busy`, `quarantined`, `lost`, `unavailable`, `not-yet-visible`: try again later') };

const read = (summary: string, name: Schemas, parameters: readonly object[] = [], more: object = {}): object => ({
  summary,
  tags: ['queries'],
  parameters,
  responses: { 200: answer(name, summary), ...UNAUTHENTICATED, 422: problem('A parameter does not fit'), ...UNAVAILABLE, ...more },
});

const NOT_FOUND = { 404: problem('No such need') };

const command = (type: PublicNeedCommandType): object => ({
  summary: `${type}: ${COMMAND_SUMMARIES[type]}`,
  operationId: type,
  tags: ['commands'],
  parameters: type === 'submit' ? [idempotencyKey] : [needId, idempotencyKey],
  requestBody: { required: true, content: { 'application/json': { schema: ref(bodyName(type)), example: COMMAND_EXAMPLES[type] } } },
  responses: {
    [type === 'submit' ? 201 : 200]: answer('NeedStanding', 'Accepted: recorded for good'),
    202: answer('PendingCommand', 'The outcome is not known yet: ask `/v1/commands/{commandId}`'),
    ...UNREADABLE,
    ...UNAUTHENTICATED,
    403: problem('`not-permitted`'),
    ...NOT_FOUND,
    409: problem('Refused by the rules: `wrong-stage`, `too-late`, `decision-missing`, `over-budget` and others'),
    422: problem('The body does not fit, or `key-reused`'),
    ...UNAVAILABLE,
  },
});

const bodyName = (type: PublicNeedCommandType): string => `${type.replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase())}Body`;

const query = (name: string, schema: object, description?: string): object => parameter('query', name, schema, description);
const string = { type: 'string' };
const count = (minimum: number) => ({ type: 'integer', minimum });

const listParameters = [
  query('stage', { enum: NEED_STAGES }),
  query('status', { enum: NEED_STATUSES }),
  query('unit', string, 'Lead department'),
  query('community', string),
  query('kind', { enum: ['tangible', 'service'] }),
  query('overdue', { type: 'boolean' }, 'Past the next binding deadline'),
  query('q', string, 'Part of the title or text'),
  query('limit', { type: 'integer', minimum: 1, maximum: PAGE_MAX, default: 20 }),
  query('cursor', string, '`nextCursor` of the page before'),
];

const day = (name: string, meaning: string) => query(name, string, `${meaning}: a day (YYYY-MM-DD, Shanghai) or an instant (ISO 8601 with offset)`);
const deadlineStages = query('stage', { enum: DEADLINE_STAGES });
const deadlineParameters = [
  day('from', 'Due from then on'),
  day('to', 'Due before the end of it'),
  query('unit', string, 'Lead department'),
  query('community', string),
  deadlineStages,
  query('provisional', { type: 'boolean' }, 'Only those with a date that the calendar does not cover yet'),
  query('limit', { type: 'integer', minimum: 1, maximum: PAGE_MAX, default: 20 }),
  query('cursor', string, '`nextCursor` of the page before'),
];
const timelinessParameters = [
  query('by', { enum: ['unit', 'community', 'stage', 'month'], default: 'unit' }),
  day('from', 'Due from then on'),
  day('to', 'Due before the end of it'),
  query('unit', string),
  query('community', string),
  deadlineStages,
];

const pageParameters = [
  query('limit', { type: 'integer', minimum: 1, maximum: PAGE_MAX, default: 20 }),
  query('cursor', string, '`nextCursor` of the page before'),
];
const noticeId = parameter('path', 'noticeId', string);
const NO_NOTICE = { 404: problem('No such notice, or not one’s own') };
const NOT_PERMITTED = { 403: problem('`not-permitted`') };

const write = (summary: string, name: Schemas, body: string | null, parameters: readonly object[], more: object): object => ({
  summary,
  tags: ['notices'],
  parameters,
  ...(body === null ? {} : { requestBody: { required: true, content: { 'application/json': { schema: ref(body) } } } }),
  responses: { 200: answer(name, summary), ...UNREADABLE, ...UNAUTHENTICATED, 422: problem('The body does not fit'), ...UNAVAILABLE, ...more },
});
const mark = (summary: string): Readonly<Record<string, object>> => ({ post: write(summary, 'InboxEntry', null, [noticeId], NO_NOTICE) });

const noticePaths = (): OpenApiDocument['paths'] => ({
  '/v1/inbox': {
    get: read('What one was told, newest first: as oneself, or as holder of a post', 'InboxPage', [
      query('state', { enum: INBOX_STATES }),
      ...pageParameters,
    ]),
  },
  '/v1/inbox/{noticeId}/read': mark('Read, for this reader only'),
  '/v1/inbox/{noticeId}/unread': mark('Not read, and not archived'),
  '/v1/inbox/{noticeId}/archive': mark('Archived, for this reader only'),
  '/v1/preferences': {
    get: read('What one does not want to get', 'Preferences'),
    put: write('Replaced as a whole; `cannot-be-off` for what nobody can switch off', 'Preferences', 'PreferencesBody', [], {}),
  },
  '/v1/notices': {
    get: read(
      'How far notices by e-mail, short message and robot have come; operator and supervisor',
      'NoticePage',
      [query('state', { enum: NOTICE_STATES }), query('needId', string), ...pageParameters],
      NOT_PERMITTED,
    ),
  },
  '/v1/notices/{noticeId}/retry': {
    post: write('Sent once more; operator', 'NoticeRow', null, [noticeId], {
      ...NOT_PERMITTED,
      ...NO_NOTICE,
      409: problem('`not-retryable`: it neither hangs nor was refused'),
    }),
  },
  '/v1/directory': {
    get: read('Whom notices reach; operator', 'Directory', [], NOT_PERMITTED),
    put: write('Replaced as a whole; operator', 'DirectoryCounts', 'DirectoryBody', [], NOT_PERMITTED),
  },
});

const dateTime = { type: 'string', format: 'date-time' };
const between = [query('from', dateTime, 'From this instant on'), query('to', dateTime, 'Before this instant')];
const auditPaths = (): OpenApiDocument['paths'] => ({
  '/v1/audit/commands': {
    get: read(
      'What actors did or tried to do, newest first, refused commands too; supervisor and operator',
      'TrailPage',
      [
        ...['actor', 'unit', 'command', 'needId', 'code'].map((name) => query(name, string)),
        query('outcome', { enum: ['pending', 'accepted', 'refused', 'dead'] }),
        ...between,
        ...pageParameters,
      ],
      NOT_PERMITTED,
    ),
  },
  '/v1/audit/facts': {
    get: read(
      'Who was refused, who saw or took away what, who came in, what operators did, newest first; supervisor and operator',
      'FactPage',
      [
        ...['actor', 'unit', 'needId', 'subject', 'code'].map((name) => query(name, string)),
        query('type', { enum: AUDIT_FACTS }),
        ...between,
        ...pageParameters,
      ],
      NOT_PERMITTED,
    ),
  },
});

const privacyPaths = (): OpenApiDocument['paths'] => ({
  '/v1/privacy/sealed-bodies': {
    post: write('The body of a command as it may be sent over Kafka: personal fields sealed', 'SealedBody', 'SealBody', [], {}),
  },
  '/v1/privacy/exports': {
    post: write('All that is held about a person: whoever asks, or, for the centre, `subject`', 'PersonExport', 'ExportBody', [], NOT_PERMITTED),
  },
  '/v1/privacy/retention': {
    post: write(
      'Takes out the files of needs that have been over for longer than the policy keeps them; operator and centre',
      'Swept',
      'Nothing',
      [],
      NOT_PERMITTED,
    ),
  },
  '/v1/privacy/erasures': {
    get: read('Requests for erasures, newest first, with what holds them; operator, centre and supervisor', 'ErasureList', [], NOT_PERMITTED),
    post: {
      summary: 'Asks for the key of a person’s words to be destroyed, for good, with what else there is about them; operator and centre',
      tags: ['privacy'],
      requestBody: { required: true, content: { 'application/json': { schema: ref('ErasureBody') } } },
      responses: {
        202: answer('ErasureRequest', 'Nothing is destroyed yet: another person has to approve it'),
        ...{ ...UNREADABLE, ...UNAUTHENTICATED, ...NOT_PERMITTED },
        422: problem('The body does not fit'),
        ...UNAVAILABLE,
      },
    },
  },
  '/v1/privacy/erasures/{erasureId}/approve': {
    post: {
      summary: 'Destroys it; another person than the one who asked for it, operator and centre',
      tags: ['privacy'],
      parameters: [parameter('path', 'erasureId', string)],
      responses: {
        200: answer('Erased', 'Nobody opens it any more'),
        ...{ ...UNREADABLE, ...UNAUTHENTICATED },
        403: problem('`not-permitted`; `second-person`: it is one’s own request'),
        404: problem('`no-such-erasure`'),
        409: problem('`not-pending`; `on-hold`: some of it is in a dispute'),
        ...UNAVAILABLE,
      },
    },
  },
  '/v1/privacy/holds/{subject}': {
    put: {
      summary: 'What the person wrote is not erased until the hold is lifted; centre and supervisor',
      tags: ['privacy'],
      parameters: [parameter('path', 'subject', string)],
      requestBody: { required: true, content: { 'application/json': { schema: ref('HoldBody') } } },
      responses: {
        204: { description: 'On hold' },
        ...{ ...UNREADABLE, ...UNAUTHENTICATED, ...NOT_PERMITTED },
        422: problem('The body does not fit'),
        ...UNAVAILABLE,
      },
    },
    delete: {
      summary: 'Lifts the hold; centre and supervisor',
      tags: ['privacy'],
      parameters: [parameter('path', 'subject', string)],
      responses: { 204: { description: 'Lifted, or there was none' }, ...UNREADABLE, ...UNAUTHENTICATED, ...NOT_PERMITTED, ...UNAVAILABLE },
    },
  },
});

const BYTES = { schema: { type: 'string', format: 'binary' } };
const filePaths = (): OpenApiDocument['paths'] => ({
  '/v1/needs/{needId}/files': {
    get: read('What was attached to it, oldest first; for whoever may see its photos', 'FileList', [needId], { ...NOT_PERMITTED, ...NOT_FOUND }),
    post: {
      summary: 'A photo or document as it is, at most 8 MB; `url` is for `photos` and `evidence`. The same again is the one that is there',
      tags: ['files'],
      parameters: [needId],
      requestBody: { required: true, content: Object.fromEntries(Object.keys(FILE_TYPES).map((type) => [type, BYTES])) },
      responses: {
        201: answer('AttachedFile', 'Attached'),
        400: problem('The body broke off'),
        ...UNAUTHENTICATED,
        ...NOT_PERMITTED,
        ...NOT_FOUND,
        409: problem('`too-many-files`'),
        413: problem('`file-too-large`'),
        415: problem('`unsupported-file`: by content, whatever its type is said to be'),
        ...UNAVAILABLE,
      },
    },
  },
  '/v1/needs/{needId}/files/{fileId}': {
    get: {
      summary: 'Its content',
      tags: ['files'],
      parameters: [needId, parameter('path', 'fileId', string)],
      responses: {
        200: { description: 'The file', content: Object.fromEntries(Object.keys(FILE_TYPES).map((type) => [type, BYTES])) },
        ...UNAUTHENTICATED,
        ...NOT_PERMITTED,
        404: problem('No such need; `no-such-file`: not there, or erased'),
        ...UNAVAILABLE,
      },
    },
  },
});

const keyPaths = (): OpenApiDocument['paths'] => ({
  '/v1/keys': {
    get: read('Keys of services, without their secrets; operator and supervisor', 'KeyList', [], NOT_PERMITTED),
    post: {
      summary: 'A new key, shown this once; operator. With another role than `service` another operator has to approve it',
      tags: ['keys'],
      requestBody: { required: true, content: { 'application/json': { schema: ref('KeyBody') } } },
      responses: {
        201: answer('CreatedKey', 'The key'),
        202: answer('CreatedKey', 'The key, `pending`: it opens nothing before another operator has approved it'),
        ...UNREADABLE,
        ...UNAUTHENTICATED,
        ...NOT_PERMITTED,
        422: problem('The body does not fit'),
        ...UNAVAILABLE,
      },
    },
  },
  '/v1/keys/{keyId}/approve': {
    post: {
      summary: 'A key that is pending opens from now on; another operator than the one who made it',
      tags: ['keys'],
      parameters: [parameter('path', 'keyId', string)],
      responses: {
        200: answer('Key', 'Active'),
        ...{ ...UNREADABLE, ...UNAUTHENTICATED },
        403: problem('`not-permitted`; `second-person`: one made it oneself'),
        404: problem('`no-such-key`'),
        409: problem('`not-pending`'),
        ...UNAVAILABLE,
      },
    },
  },
  '/v1/keys/{keyId}': {
    delete: {
      summary: 'Refused from now on; operator',
      tags: ['keys'],
      parameters: [parameter('path', 'keyId', string)],
      responses: {
        204: { description: 'Revoked' },
        ...UNREADABLE,
        ...UNAUTHENTICATED,
        ...NOT_PERMITTED,
        404: problem('No such key'),
        ...UNAVAILABLE,
      },
    },
  },
});

const loginPaths = (): OpenApiDocument['paths'] => ({
  '/login': {
    get: {
      ...{ summary: 'Logs in by a browser at the identity provider, and comes back to `returnTo`, a path of ours', tags: ['login'], security: [] },
      parameters: [query('returnTo', string)],
      responses: { 302: { description: 'To the identity provider' }, 404: problem('There is no login here'), ...TOO_MANY, ...UNAVAILABLE },
    },
  },
  '/login/callback': {
    get: {
      ...{ summary: 'Where the identity provider sends the browser back to', tags: ['login'], security: [] },
      responses: {
        302: { description: 'Logged in: a session cookie' },
        401: problem('`login-refused`; `second-factor`: the role needs one'),
        404: problem('There is no login here'),
        ...TOO_MANY,
        ...UNAVAILABLE,
      },
    },
  },
  '/login/backchannel-logout': {
    post: {
      ...{
        summary: 'Whoever logged out at the identity provider is logged out here (OpenID Connect Back-Channel Logout 1.0)',
        tags: ['login'],
        security: [],
      },
      requestBody: {
        required: true,
        content: {
          'application/x-www-form-urlencoded': { schema: { type: 'object', properties: { logout_token: string }, required: ['logout_token'] } },
        },
      },
      responses: {
        200: { description: 'Their sessions have ended' },
        400: problem('`bad-logout-token`'),
        404: problem('There is no login here'),
        422: problem('There is no token in it'),
        ...TOO_MANY,
        ...UNAVAILABLE,
      },
    },
  },
  '/v1/sessions': { get: read('Where one is logged in by a browser', 'SessionList') },
  '/v1/sessions/{sessionId}': {
    delete: {
      summary: 'Ends one of one’s own sessions',
      tags: ['login'],
      parameters: [parameter('path', 'sessionId', string)],
      responses: {
        204: { description: 'Ended' },
        ...UNREADABLE,
        ...UNAUTHENTICATED,
        ...NOT_PERMITTED,
        404: problem('`no-such-session`'),
        ...UNAVAILABLE,
      },
    },
  },
  '/v1/sessions/of/{actorId}': {
    delete: {
      summary: 'Ends all sessions of a person; operator',
      tags: ['login'],
      parameters: [parameter('path', 'actorId', string)],
      responses: { 200: answer('EndedSessions', 'How many'), ...UNREADABLE, ...UNAUTHENTICATED, ...NOT_PERMITTED, ...UNAVAILABLE },
    },
  },
  '/v1/me': { get: read('Who one is; with a session also the token that whatever writes has to send as `X-Qiyue-CSRF`', 'Me') },
  '/v1/logout': {
    post: {
      summary: 'Ends the session',
      tags: ['login'],
      responses: { 204: { description: 'Ended' }, ...UNREADABLE, ...UNAUTHENTICATED, ...NOT_PERMITTED, ...UNAVAILABLE },
    },
  },
});

const open = (summary: string, content: object): object => ({ summary, tags: ['operations'], security: [], responses: { 200: content } });

const paths = (): OpenApiDocument['paths'] => ({
  '/v1/needs': { get: read('Needs, newest first', 'NeedPage', listParameters), post: command('submit') },
  '/v1/needs/{needId}': {
    get: read('One need', 'NeedView', [needId, query('minSeq', count(0), 'Waits up to 5 s until the read model has seen it')], NOT_FOUND),
  },
  '/v1/needs/{needId}/history': { get: read('All that happened to it', 'History', [needId], NOT_FOUND) },
  '/v1/needs/{needId}/at': {
    get: read(
      'The need as it was, by `seq` or by `time`',
      'NeedView',
      [needId, query('seq', count(1)), query('time', { type: 'string', format: 'date-time' })],
      NOT_FOUND,
    ),
  },
  '/v1/needs/{needId}/changes': {
    get: read(
      'What differs between the need as it was at two seqs',
      'NeedChanges',
      [needId, query('from', count(1)), query('to', count(1))],
      NOT_FOUND,
    ),
  },
  ...Object.fromEntries(
    PUBLIC_NEED_COMMANDS.filter((type) => type !== 'submit').map((type) => [`/v1/needs/{needId}/${type}`, { post: command(type) }]),
  ),
  '/v1/commands/{commandId}': {
    get: read('What became of a command', 'CommandState', [parameter('path', 'commandId', string)], { 404: problem('Not known') }),
  },
  '/v1/events': {
    get: {
      summary: 'Server-sent events: `id` is the position in the feed, `data` a CloudEvent',
      tags: ['events'],
      parameters: [
        parameter('header', 'Last-Event-ID', string),
        query('lastEventId', string, 'The same for a first connection; `latest`: only what comes from now on'),
      ],
      responses: {
        200: plain('text/event-stream', 'All events behind that position, then those to come'),
        ...UNAUTHENTICATED,
        409: problem('`position-unknown`'),
        ...UNAVAILABLE,
      },
    },
  },
  '/v1/deadlines': { get: read('The deadlines that run, soonest first', 'DeadlinePage', deadlineParameters) },
  '/v1/deadlines.ics': {
    get: {
      summary: 'The same as an iCalendar feed (RFC 5545), at most 500',
      tags: ['queries'],
      parameters: deadlineParameters.slice(0, -2),
      responses: { 200: plain('text/calendar', 'iCalendar'), ...UNAUTHENTICATED, 422: problem('A parameter does not fit'), ...UNAVAILABLE },
    },
  },
  '/v1/stats/timeliness': {
    get: read('In time or late, by unit, community, stage or month', 'Timeliness', timelinessParameters, {
      description:
        'Counted over stages with a deadline, of needs in any stage. In time: ended at or before the deadline as it stood at the end, pauses, extensions and corrections included. Stages without a date are left out. The month is that of the deadline, in Shanghai.',
    }),
  },
  '/v1/stats/stages': { get: read('Needs per stage', 'StageCounts') },
  '/v1/stats/counts': { get: read('Needs per stage, community and unit', 'Counts') },
  ...noticePaths(),
  ...auditPaths(),
  ...privacyPaths(),
  ...filePaths(),
  ...keyPaths(),
  ...loginPaths(),
  '/health/live': { get: open('The process lives', plain('application/json', 'Live')) },
  '/health/ready': { get: open('Everything it leans on answers; 503 when not', answer('Readiness', 'Ready')) },
  '/metrics': { get: open('Prometheus metrics', plain('text/plain', 'Metrics')) },
  '/openapi.json': { get: open('This document', plain('application/json', 'OpenAPI')) },
  '/asyncapi.json': { get: open('The topics', plain('application/json', 'AsyncAPI')) },
  '/docs': { get: open('This document to read', plain('text/html', 'Swagger UI')) },
});

/** Made of the schemas that check requests and of those that the answers' types are held to. */
export const openApiDocument = (version: string): OpenApiDocument => ({
  openapi: '3.1.0',
  info: {
    title: 'Qiyue',
    version,
    description: 'Community needs as durable, audited commitments. Problems are RFC 9457 documents with a stable `code`.',
  },
  security: [{ token: [] }],
  paths: paths(),
  components: {
    securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'Claims `sub`, `role`, `unit`' } },
    schemas: {
      ...Object.fromEntries(PUBLIC_NEED_COMMANDS.map((type) => [bodyName(type), jsonSchemaOf(needCommandSchemas[type], 'input')])),
      PreferencesBody: jsonSchemaOf(preferencesBody, 'input'),
      SealBody: jsonSchemaOf(sealBody, 'input'),
      ErasureBody: jsonSchemaOf(erasureBody, 'input'),
      ExportBody: jsonSchemaOf(exportBody, 'input'),
      Nothing: { type: 'object', additionalProperties: false },
      HoldBody: jsonSchemaOf(holdBody, 'input'),
      KeyBody: jsonSchemaOf(keyBody, 'input'),
      DirectoryBody: jsonSchemaOf(directoryDocument, 'input'),
      ...Object.fromEntries(Object.entries(responses).map(([name, schema]) => [name, jsonSchemaOf(schema, 'output')])),
    },
  },
});
