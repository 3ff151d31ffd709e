import type { AnyAggregate } from '@qiyue/aggregate';
import { z } from 'zod';
import { factQuery, trailQuery } from '../audit/audit.controller';
import { eventFilters } from '../events/event-filter';
import { inboxQuery } from '../inbox/inbox.controller';
import { noticesQuery } from '../notices/notices.controller';
import { FILES } from './aggregate-paths';
import type { Texts } from './described';
import { operation, parameter, parametersOf, plain, PROBLEM, ref, type Paths, type Route } from './parts';

type Row = Omit<Route, 'operationId' | 'tag' | 'summary' | 'answers'>;
type Rows = Readonly<Record<string, Readonly<Record<string, Route>>>>;

export const PLATFORM_TAGS = [
  { name: 'commands', description: 'What became of commands' },
  { name: 'events', description: 'Events as they happen' },
  { name: 'files', description: 'Photos and documents that no entity has yet' },
  { name: 'notices', description: 'What one is told, and how' },
  { name: 'audit', description: 'Who did, tried and saw what' },
  { name: 'privacy', description: 'What is held about persons, and how it is erased' },
  { name: 'keys', description: 'Keys by which services come in' },
  { name: 'login', description: 'Browsers’ logins at an identity provider' },
  { name: 'operations', description: 'Health, metrics, documents' },
] as const;
type Tag = (typeof PLATFORM_TAGS)[number]['name'];

const route =
  (tag: Tag) =>
  (operationId: string, summary: string, answers: Route['answers'], row: Row = {}): Route => ({ operationId, tag, summary, answers, ...row });
const command = route('commands');
const events = route('events');
const files = route('files');
const notices = route('notices');
const audit = route('audit');
const privacy = route('privacy');
const keys = route('keys');
const login = route('login');
const operations = route('operations');

const IF_MATCH = parameter(
  'header',
  'If-Match',
  { type: 'string' },
  'The `ETag` that `GET` answered: replaces that one only. Left out: whatever is there.',
);
const NO_NOTICE = { 404: '`no-such-notice`: not there, or not one’s own' };
const mark = (verb: string, summary: string): { readonly post: Route } => ({
  post: notices(`${verb}Notice`, summary, { 200: ['InboxEntry', 'As it then is'] }, { problems: NO_NOTICE }),
});
const SECOND = '`second-person`: it is one’s own request';
const NO_LOGIN = { 404: '`no-such-route`: there is no login here', 429: '`too-many-requests`: see `Retry-After`' };
const redirect = (text: string): Route['answers'] => ({ 302: [null, text], default: [PROBLEM, 'Anything else is a problem document'] });
const open = (operationId: string, summary: string, answers: Route['answers'], row: Row = {}): { readonly get: Route } => ({
  get: operations(operationId, summary, answers, { isOpen: true, ...row }),
});
const json = { 'application/json': { schema: { type: 'object' } } };

const rowsOf = (aggregates: readonly AnyAggregate[], query: (schema: z.ZodType) => readonly object[]): Rows => ({
  '/v1/commands/{commandId}': {
    get: command('commandState', 'What became of a command', { 200: ['CommandState', 'So far'] }, { problems: { 404: '`no-such-command`' } }),
  },
  '/v1/files': {
    post: files(
      'uploadFile',
      'Sends a photo or document ahead of the command that names it, at most 8 MB',
      { 201: ['UploadedFile', 'It waits for 24 hours'] },
      {
        description:
          'The body is the file as it is. A command of the same sender takes the file over when it names the `url`; one that none names goes after 24 hours. The same file again is the one that waits.',
        body: { content: FILES },
        problems: {
          409: '`too-many-uploads`: so many wait already',
          413: '`file-too-large`',
          415: '`unsupported-file`: by content, whatever its type is said to be',
          422: '`unreadable-file`: what it tells of place and device cannot be taken out',
        },
      },
    ),
  },
  '/v1/events': {
    get: events(
      'events',
      'Events as they happen, by server-sent events',
      { 200: [{ 'text/event-stream': { schema: ref('FeedEvent') } }, 'Messages without end: `id` is the position in the feed, `data` one of these'] },
      {
        description:
          'All events behind a position, then those to come. A reader that comes back sends `Last-Event-ID`. Of events that the filters pass over only the `id` comes, now and then.',
        parameters: [
          parameter('header', 'Last-Event-ID', { type: 'string' }, 'Position of the last event that was seen; goes before `lastEventId`'),
          ...query(z.object({ lastEventId: z.string().optional(), ...eventFilters(aggregates) })),
        ],
        problems: { 409: '`position-unknown`: the feed has not come to it', 429: '`too-many-own-streams`' },
      },
    ),
  },
  '/v1/inbox': {
    get: notices(
      'inbox',
      'What one was told, newest first: as oneself, or as holder of a post',
      { 200: ['InboxPage', 'A page of it'] },
      { parameters: query(inboxQuery) },
    ),
  },
  '/v1/inbox/{noticeId}/read': mark('read', 'Marks a notice as read, for this reader only'),
  '/v1/inbox/{noticeId}/unread': mark('unread', 'Marks a notice as not read, and not archived'),
  '/v1/inbox/{noticeId}/archive': mark('archive', 'Archives a notice, for this reader only'),
  '/v1/preferences': {
    get: notices('preferences', 'What one does not want to get', { 200: ['Preferences', 'As they are'] }),
    put: notices(
      'replacePreferences',
      'Replaces as a whole what one does not want to get',
      { 200: ['Preferences', 'As they then are'] },
      {
        body: { schema: 'PreferencesBody', example: { off: [{ type: 'NeedDone', channel: 'email' }], when: 'office-hours' } },
        problems: { 422: '`cannot-be-off`: what nobody can switch off' },
      },
    ),
  },
  '/v1/notices': {
    get: notices(
      'notices',
      'How far notices by e-mail, short message and robot have come; of one entity all that was told, the inbox too',
      { 200: ['NoticePage', 'A page of them'] },
      {
        description: 'For operator and supervisor; with `entity` for all who may ask who was told of it.',
        parameters: query(noticesQuery),
      },
    ),
  },
  '/v1/notices/{noticeId}/retry': {
    post: notices(
      'retryNotice',
      'Sends a notice once more',
      { 200: ['NoticeRow', 'It waits to be sent'] },
      {
        problems: { ...NO_NOTICE, 409: '`not-retryable`: it neither hangs nor was refused' },
      },
    ),
  },
  '/v1/directory/places': {
    get: notices('directoryPlaces', 'Communities with their compounds, and units: what they are called', { 200: ['DirectoryPlaces', 'All of them'] }),
  },
  '/v1/calendar-feeds': {
    get: notices('calendarFeeds', 'Calendars of one’s unit, or one’s own, without their addresses', { 200: ['CalendarFeedList', 'Newest first'] }),
    post: notices(
      'createCalendarFeed',
      'Makes a secret address that calendar apps can subscribe to: for a department, a community, an office, or oneself',
      { 201: ['CreatedCalendarFeed', 'Its address is shown this once'] },
      {
        description:
          'For department, community, centre, authority, resident, property and grid. It holds what waits for them with a date, of every kind. Whoever has the address reads the calendar; it can be revoked.',
        body: { schema: 'Nothing', example: {} },
        problems: { 409: '`too-many-feeds`: revoke one first' },
      },
    ),
  },
  '/v1/calendar-feeds/{feedId}': {
    delete: notices(
      'revokeCalendarFeed',
      'Revokes a calendar: its address leads nowhere from now on',
      { 204: [null, 'It is gone'] },
      {
        description: 'For those whose calendar it is; operator and centre anybody’s.',
        problems: { 404: '`no-such-feed`: not there, or not one’s own' },
      },
    ),
  },
  '/calendar/{secret}.ics': {
    get: notices(
      'calendar',
      'A calendar that apps subscribe to (RFC 5545): deadlines of every kind, at most 500 together',
      { 200: [plain('text/calendar'), 'The calendar as it is now'] },
      { isOpen: true, problems: { 404: '`no-such-feed`: none, or revoked', 429: '`too-many-requests`: see `Retry-After`' } },
    ),
  },
  '/v1/directory': {
    get: notices('directory', 'Whom notices reach, and what places are called', { 200: ['Directory', 'All of it, without the robots’ keys'] }),
    put: notices(
      'replaceDirectory',
      'Replaces as a whole whom notices reach and what places are called; once it lists communities, commands name one of them',
      { 200: ['DirectoryCounts', 'How many there are now'] },
      {
        parameters: [IF_MATCH],
        problems: { 412: '`directory-changed`: since it was read' },
        body: {
          schema: 'DirectoryBody',
          example: {
            persons: [{ id: 'officer-1', role: 'department', unit: '住建局', language: 'zh-CN', email: 'officer.1@example.org' }],
            robots: [
              { id: 'group-1', kind: 'wecom', role: 'department', unit: '住建局', url: 'https://robots.example.org/cgi-bin/webhook/send?key=0' },
            ],
            communities: [{ name: '幸福社区', shortNames: ['幸福'], compounds: [{ name: '幸福里小区' }] }],
            units: [{ name: '住建局', shortNames: ['住房和城乡建设局'] }],
          },
        },
      },
    ),
  },
  '/v1/audit/commands': {
    get: audit(
      'auditCommands',
      'What actors did or tried to do, newest first, refused commands too',
      { 200: ['TrailPage', 'A page of it'] },
      {
        parameters: query(trailQuery),
      },
    ),
  },
  '/v1/audit/facts': {
    get: audit(
      'auditFacts',
      'Who was refused, who saw or took away what, who came in, what operators did, newest first',
      { 200: ['FactPage', 'A page of it'] },
      {
        parameters: query(factQuery),
      },
    ),
  },
  '/v1/privacy/sealed-bodies': {
    post: privacy(
      'sealBody',
      'Seals the body of a command, as it may be sent over Kafka',
      { 200: ['SealedBody', 'Its personal fields are sealed'] },
      {
        body: { schema: 'SealBody', example: exampleToSeal(aggregates) },
        problems: { 404: '`no-such-route`: no such command' },
      },
    ),
  },
  '/v1/privacy/exports': {
    post: privacy(
      'exportPerson',
      'All that is held about a person',
      { 200: ['PersonExport', 'All of it, marked with who asked for it'] },
      {
        description: 'For whoever asks, about themselves; about `subject` for the centre. It goes on record.',
        body: { schema: 'ExportBody', example: {} },
      },
    ),
  },
  '/v1/privacy/retention': {
    post: privacy(
      'sweepRetention',
      'Takes out the files of what has been over for longer than the policy keeps them',
      { 200: ['Swept', 'How many'] },
      {
        body: { schema: 'Nothing', example: {} },
      },
    ),
  },
  '/v1/privacy/erasures': {
    get: privacy('erasures', 'Requests for erasures, newest first, with what holds them', { 200: ['ErasureList', 'All of them'] }),
    post: privacy(
      'requestErasure',
      'Asks for the key of a person’s words to be destroyed, for good, with what else there is about them',
      { 202: ['ErasureRequest', 'Nothing is destroyed yet: another person has to approve it'] },
      { body: { schema: 'ErasureBody', example: { subject: 'resident-1' } }, problems: { 422: '`not-erasable`: the subject is no person’s' } },
    ),
  },
  '/v1/privacy/erasures/{erasureId}/approve': {
    post: privacy(
      'approveErasure',
      'Destroys it: for another person than the one who asked for it',
      { 200: ['Erased', 'Nobody opens it any more'] },
      {
        problems: { 403: SECOND, 404: '`no-such-erasure`', 409: '`not-pending`; `on-hold`: some of it is in a dispute' },
      },
    ),
  },
  '/v1/privacy/holds/{subject}': {
    put: privacy(
      'holdErasure',
      'Keeps what a person wrote until the hold is lifted',
      { 204: [null, 'On hold'] },
      {
        body: { schema: 'HoldBody', example: { reference: '2026-督-17' } },
      },
    ),
    delete: privacy('liftHold', 'Lifts the hold', { 204: [null, 'Lifted, or there was none'] }),
  },
  '/v1/keys': {
    get: keys('keys', 'Keys of services, without their secrets', { 200: ['KeyList', 'All of them'] }),
    post: keys(
      'createKey',
      'Makes a new key; with another role than `service` another operator has to approve it',
      {
        201: ['CreatedKey', 'The key, shown this once'],
        202: ['CreatedKey', 'The key, `pending`: it opens nothing before another operator has approved it'],
      },
      { body: { schema: 'KeyBody', example: { name: 'statistics', scopes: ['read', 'events'] } } },
    ),
  },
  '/v1/keys/{keyId}/approve': {
    post: keys(
      'approveKey',
      'Lets a key that is pending open: for another operator than the one who made it',
      { 200: ['Key', 'Active'] },
      {
        problems: { 403: SECOND, 404: '`no-such-key`', 409: '`not-pending`' },
      },
    ),
  },
  '/v1/keys/{keyId}': { delete: keys('revokeKey', 'Refuses a key from now on', { 204: [null, 'Revoked'] }, { problems: { 404: '`no-such-key`' } }) },
  '/login': {
    get: login('beginLogin', 'Logs in by a browser at the identity provider', redirect('To the identity provider'), {
      ...{ isOpen: true, problems: NO_LOGIN, description: 'Comes back to `returnTo`, a path of ours.' },
      parameters: [parameter('query', 'returnTo', { type: 'string' }, 'Where to go afterwards: a path of ours')],
    }),
  },
  '/login/callback': {
    get: login('finishLogin', 'Where the identity provider sends the browser back to', redirect('Logged in: a session cookie'), {
      ...{ isOpen: true, problems: { ...NO_LOGIN, 401: '`login-refused`; `second-factor`: the role needs one' } },
      description: 'With the parameters of OpenID Connect. Nobody but a browser comes here.',
    }),
  },
  '/login/backchannel-logout': {
    post: login(
      'backchannelLogout',
      'Logs out whoever logged out at the identity provider',
      { 200: [null, 'Their sessions have ended'] },
      {
        ...{ isOpen: true, description: 'OpenID Connect Back-Channel Logout 1.0: for the identity provider.' },
        body: {
          content: { 'application/x-www-form-urlencoded': { schema: logoutForm, example: { logout_token: 'eyJ0eXAiOiJsb2dvdXQrand0In0.e30.c2ln' } } },
        },
        problems: { ...NO_LOGIN, 400: '`bad-logout-token`', 422: '`invalid`: there is no token in it' },
      },
    ),
  },
  '/v1/sessions': { get: login('sessions', 'Where one is logged in by a browser', { 200: ['SessionList', 'All of them'] }) },
  '/v1/sessions/{sessionId}': {
    delete: login('endSession', 'Ends one of one’s own sessions', { 204: [null, 'Ended'] }, { problems: { 404: '`no-such-session`' } }),
  },
  '/v1/sessions/of/{actorId}': { delete: login('endSessionsOf', 'Ends all sessions of a person', { 200: ['EndedSessions', 'How many'] }) },
  '/v1/me': {
    get: login('me', 'Who one is; with a session also the token that whatever writes has to send as `X-Qiyue-CSRF`', {
      200: ['Me', 'As the token says'],
    }),
  },
  '/v1/logout': { post: login('logout', 'Ends the session', { 204: [null, 'Ended'] }) },
  '/health/live': open('live', 'Whether the process lives', { 200: [json, 'It does'] }),
  '/health/ready': {
    get: operations(
      'ready',
      'Whether everything answers that it depends on',
      { 200: ['Readiness', 'It does'], 503: ['Readiness', 'Something does not'] },
      {
        isOpen: true,
      },
    ),
  },
  '/metrics': open('metrics', 'Prometheus metrics', { 200: [plain('text/plain'), 'All of this process'] }),
  '/openapi.json': open('openApi', 'This document', { 200: [json, 'OpenAPI 3.1'] }),
  '/asyncapi.json': open('asyncApi', 'The topics and their messages', { 200: [json, 'AsyncAPI 3'] }),
  '/docs/events': open('eventCatalogue', 'Every event: when, of which command, its fields, an example', { 200: [plain('text/html'), 'A page'] }),
  '/docs': open('docs', 'This document to read', { 200: [plain('text/html'), 'Swagger UI'] }),
});

const logoutForm = {
  type: 'object',
  properties: { logout_token: { type: 'string', description: 'A logout token, signed by the identity provider' } },
  required: ['logout_token'],
};

/** The first command of the first kind: there is one that starts each. */
const exampleToSeal = ([first]: readonly AnyAggregate[]): object => {
  const type = first?.decider.startsWith ?? '';
  return { aggregate: first?.decider.aggregate, command: type, body: first?.commands[type]?.example };
};

/** Routes that are there whatever the aggregates are. */
export const platformPaths = (aggregates: readonly AnyAggregate[], texts: Texts): Paths => {
  const rows = rowsOf(aggregates, (schema) => parametersOf(schema, texts));
  return Object.fromEntries(
    Object.entries(rows).map(([path, methods]) => [
      path,
      Object.fromEntries(Object.entries(methods).map(([method, of]) => [method, operation(path, method, of, texts)])),
    ]),
  );
};
