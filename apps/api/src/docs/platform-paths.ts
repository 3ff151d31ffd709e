import { AUDIT_FACTS, INBOX_STATES, NOTICE_STATES } from '@qiyue/adapters';
import {
  answer,
  NOT_PERMITTED,
  open,
  pageParameters,
  parameter,
  plain,
  problem,
  query,
  read,
  ref,
  string,
  TOO_MANY,
  UNAUTHENTICATED,
  UNAVAILABLE,
  UNREADABLE,
  write,
  type Paths,
} from './parts';

const noticeId = parameter('path', 'noticeId', string);
const NO_NOTICE = { 404: problem('No such notice, or not one’s own') };
const mark = (summary: string): Readonly<Record<string, object>> => ({ post: write(summary, 'InboxEntry', null, [noticeId], NO_NOTICE) });

const noticePaths = (): Paths => ({
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
      [query('state', { enum: NOTICE_STATES }), query('entity', string), query('needId', string), ...pageParameters],
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
const auditPaths = (): Paths => ({
  '/v1/audit/commands': {
    get: read(
      'What actors did or tried to do, newest first, refused commands too; supervisor and operator',
      'TrailPage',
      [
        ...['actor', 'unit', 'command', 'needId', 'entity', 'code'].map((name) => query(name, string)),
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
        ...['actor', 'unit', 'needId', 'entity', 'subject', 'code'].map((name) => query(name, string)),
        query('type', { enum: AUDIT_FACTS }),
        ...between,
        ...pageParameters,
      ],
      NOT_PERMITTED,
    ),
  },
});

const privacyPaths = (): Paths => ({
  '/v1/privacy/sealed-bodies': {
    post: write('The body of a command as it may be sent over Kafka: personal fields sealed', 'SealedBody', 'SealBody', [], {}),
  },
  '/v1/privacy/exports': {
    post: write('All that is held about a person: whoever asks, or, for the centre, `subject`', 'PersonExport', 'ExportBody', [], NOT_PERMITTED),
  },
  '/v1/privacy/retention': {
    post: write(
      'Takes out the files of what has been over for longer than the policy keeps them; operator and centre',
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

const keyPaths = (): Paths => ({
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

const loginPaths = (): Paths => ({
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

/** Routes that are there whatever the aggregates are. */
export const platformPaths = (): Paths => ({
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
        query('types', string, 'Types of events, with commas between; of those that are passed over only the `id` comes, now and then'),
        query('aggregates', string, 'Kinds of entities, with commas between'),
        query('entity', string, 'Of one entity'),
        query('unit', string, 'Of entities that concern the unit'),
        query('community', string, 'Of entities that concern the community'),
      ],
      responses: {
        200: plain('text/event-stream', 'All events behind that position, then those to come'),
        ...UNAUTHENTICATED,
        409: problem('`position-unknown`'),
        422: problem('A parameter does not fit'),
        ...UNAVAILABLE,
      },
    },
  },
  ...noticePaths(),
  ...auditPaths(),
  ...privacyPaths(),
  ...keyPaths(),
  ...loginPaths(),
  '/health/live': { get: open('The process lives', plain('application/json', 'Live')) },
  '/health/ready': { get: open('Everything it leans on answers; 503 when not', answer('Readiness', 'Ready')) },
  '/metrics': { get: open('Prometheus metrics', plain('text/plain', 'Metrics')) },
  '/openapi.json': { get: open('This document', plain('application/json', 'OpenAPI')) },
  '/asyncapi.json': { get: open('The topics', plain('application/json', 'AsyncAPI')) },
  '/docs': { get: open('This document to read', plain('text/html', 'Swagger UI')) },
});
