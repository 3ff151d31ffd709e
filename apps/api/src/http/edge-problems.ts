import type { Language, Texts } from '@qiyue/civic-domain';

interface EdgeProblem {
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 412 | 413 | 415 | 422 | 429 | 500 | 503;
  readonly detail: Readonly<Record<Language, string>>;
}

/** What the HTTP edge itself turns down, beside the refusals of rules and engine. */
export type EdgeCode =
  | 'bad-request'
  | 'bad-json'
  | 'not-utf8'
  | 'unauthenticated'
  | 'no-such-route'
  | 'method-not-allowed'
  | 'no-such-command'
  | 'no-such-state'
  | 'number-slip'
  | 'no-such-notice'
  | 'directory-changed'
  | 'no-such-feed'
  | 'too-many-feeds'
  | 'no-such-key'
  | 'no-such-erasure'
  | 'second-person'
  | 'duties-joined'
  | 'not-pending'
  | 'on-hold'
  | 'not-erasable'
  | 'no-such-file'
  | 'no-such-paper'
  | 'unsupported-file'
  | 'unreadable-file'
  | 'file-too-large'
  | 'too-many-files'
  | 'too-many-uploads'
  | 'bad-form'
  | 'too-large-form'
  | 'login-refused'
  | 'second-factor'
  | 'bad-logout-token'
  | 'no-such-session'
  | 'csrf'
  | 'not-retryable'
  | 'cannot-be-off'
  | 'position-unknown'
  | 'too-large'
  | 'unsupported-media-type'
  | 'invalid'
  | 'unknown-community'
  | 'internal'
  | 'unavailable'
  | 'lost'
  | 'history-unsound'
  | 'not-yet-visible'
  | 'outcome-unknown'
  | 'too-many-streams'
  | 'too-many-own-streams'
  | 'too-many-requests';

const of = (status: EdgeProblem['status'], zh: string, en: string): EdgeProblem => ({ status, detail: { 'zh-CN': zh, en } });

export const EDGE_PROBLEMS: Readonly<Record<EdgeCode, EdgeProblem>> = {
  'bad-request': of(400, '无法理解该请求。', 'The request cannot be understood.'),
  'number-slip': of(
    422,
    '编号有误：请核对每一位，例如 240701-7K3M9P-N（最后一位是校验码）。',
    'The number holds a slip: check each sign of it, as in 240701-7K3M9P-N, where the last one is a check letter.',
  ),
  'bad-json': of(400, '请求内容不是有效的 JSON。', 'The body is not valid JSON.'),
  'not-utf8': of(
    400,
    '请求内容不是有效的 UTF-8：请改用 UTF-8 编码（不是 GBK）。',
    'The request is not valid UTF-8; send it in UTF-8, not GBK or another encoding.',
  ),
  unauthenticated: of(401, '缺少登录凭证，或凭证无效、已过期。', 'The token is missing, invalid or expired.'),
  'no-such-route': of(404, '没有这个地址。', 'There is nothing at this address.'),
  'no-such-command': of(404, '没有这个请求编号的记录。', 'No command with this id is known.'),
  'no-such-state': of(404, '该时点{noun}尚不存在。', 'The {noun} had no such state.'),
  'no-such-paper': of(404, '没有这份文书，或尚未形成。', 'There is no such document to print, or not yet.'),
  'directory-changed': of(
    412,
    '通讯录在您读取之后已被他人修改，没有替换：请重新读取，合并后再试。',
    'The directory was changed since you read it, and was not replaced: read it again, and bring both changes together.',
  ),
  'no-such-notice': of(404, '没有这条通知，或它不是发给您的。', 'There is no such notice, or it is not addressed to you.'),
  'login-refused': of(401, '登录未成功，请重新登录。', 'The login did not succeed; please log in again.'),
  'second-factor': of(
    401,
    '该角色须以双因素方式登录，请在身份提供方完成第二因素验证。',
    'This role needs a second factor: log in at the identity provider with one.',
  ),
  'bad-logout-token': of(400, '退出令牌无效。', 'This is no logout token of the identity provider.'),
  'no-such-session': of(404, '没有这个会话。', 'There is no such session.'),
  csrf: of(403, '请求缺少页面令牌（X-Qiyue-CSRF）。', 'The request lacks the page’s token (X-Qiyue-CSRF).'),
  'no-such-feed': of(404, '没有这个日历订阅，或已撤销。', 'There is no such calendar, or it was revoked.'),
  'too-many-feeds': of(409, '日历订阅已达上限，请先撤销不用的。', 'There are as many calendars as one may have; revoke one that is not used.'),
  'no-such-key': of(404, '没有这个密钥。', 'There is no such key.'),
  'no-such-erasure': of(404, '没有这个删除申请。', 'There is no such request for an erasure.'),
  'second-person': of(403, '须由申请人以外的另一人批准。', 'Another person than the one who asked for it has to approve it.'),
  'duties-joined': of(
    403,
    '运维、批准与审计三项职责不得由同一人兼任。',
    'Operating, approving and auditing are three duties that no one person may join.',
  ),
  'not-pending': of(409, '该申请不在待批准状态。', 'It does not wait for approval, or not any more.'),
  'on-hold': of(409, '涉及争议，暂缓删除；争议结束后可再次批准。', 'Some of it is in a dispute or on hold; approve it again once that has ended.'),
  'not-erasable': of(422, '该标识不属于任何人。', 'This subject is no person’s.'),
  'no-such-file': of(404, '没有这个文件，或其内容已被删除。', 'There is no such file, or its content was erased.'),
  'unsupported-file': of(
    415,
    '只接受 JPEG、PNG、WebP、HEIC 图片和 PDF，以文件内容为准。',
    'Only JPEG, PNG, WebP and HEIC pictures and PDF are taken; what a file is, is told by its content.',
  ),
  'unreadable-file': of(
    422,
    '图片内容不完整，无法去除其中的位置和设备信息，请重新拍照或另存后上传。',
    'The picture cannot be read to its end, so what it tells of place and device cannot be taken out; save it anew and send that.',
  ),
  'file-too-large': of(413, '文件超过 8 MB。', 'The file is larger than 8 MB.'),
  'too-many-files': of(409, '该{noun}的附件已达上限。', 'The {noun} has as many files as it may have.'),
  'too-many-uploads': of(
    409,
    '您已上传而尚未使用的附件过多，请先在需求中使用，或等其到期（24 小时）。',
    'You have sent as many files as may wait: name them in a command, or wait until they go (24 hours).',
  ),
  'bad-form': of(
    400,
    '无法理解该表单：须有一个 body 部分（JSON），其余部分为文件，以其所属字段命名（如 photos），同一字段不能既有文件又有值。',
    'This form cannot be read: it takes one part `body` with JSON, and files, each named as the field that it is for, as `photos`; no field has both a file and a value.',
  ),
  'too-large-form': of(
    413,
    '一次最多 9 个文件，合计不超过 40 MB；请分次上传（POST /v1/files）。',
    'A form takes at most 9 files, of 40 MB together; send them ahead, one by one (POST /v1/files).',
  ),
  'not-retryable': of(409, '只有被拒或悬而未决的通知可以重发。', 'Only a notice that was refused or hangs can be sent again.'),
  'cannot-be-off': of(
    422,
    '站内信、逐级升级和本单位的逾期通知不能关闭。',
    'The inbox, escalations and a lead’s own missed deadlines cannot be switched off.',
  ),
  'method-not-allowed': of(405, '该地址不支持此方法。', 'This address does not take this method.'),
  'position-unknown': of(409, '事件位置超出现有范围，请从头开始。', 'The feed has not come to this position; start again from another.'),
  'too-large': of(413, '请求内容超过 1 MB。', 'The body is larger than 1 MB.'),
  'unsupported-media-type': of(415, '请求内容须为 application/json（UTF-8）。', 'The body must be application/json in UTF-8.'),
  invalid: of(422, '请求内容不符合要求。', 'The request does not fit what is asked for.'),
  'unknown-community': of(
    422,
    '名录中没有这个社区，请用 suggestions 中的全称或核对名录（GET /v1/directory/places）。',
    'The directory lists no such community: use one of the suggestions by its full name, or look it up (GET /v1/directory/places).',
  ),
  internal: of(500, '系统内部错误，已记录。', 'Something went wrong here; it was recorded.'),
  unavailable: of(503, '暂时无法处理，请稍后再试。', 'This cannot be served right now; please try again later.'),
  lost: of(503, '该{noun}需要运维人员恢复，暂不能操作。', 'An operator has to bring this {noun} back first.'),
  'history-unsound': of(
    503,
    '该{noun}的台账记录不连贯，需由运维人员核验（qiyue audit verify）后才能显示。',
    'The records of this {noun} do not fit each other; an operator has to look (qiyue audit verify) before they can be shown.',
  ),
  'not-yet-visible': of(503, '最新变化尚未可见，请稍后再试。', 'What was asked for is not visible yet; please try again.'),
  'outcome-unknown': of(503, '处理结果暂不确定，请用同一请求编号重试。', 'The outcome is not known; try again with the same key.'),
  'too-many-requests': of(429, '请求过于频繁，请稍后再试。', 'Too many requests; please try again in a moment.'),
  'too-many-own-streams': of(429, '您同时打开的事件订阅已达上限。', 'You have as many event streams open as one may have.'),
  'too-many-streams': of(503, '事件订阅过多，请稍后再试。', 'Too many event streams are open; please try again later.'),
};

/** Of `no-such-state`, where a seq was asked for that is yet to come. */
export const behindItsEnd = (last: number): Texts => ({
  'zh-CN': `{noun}还没有那么多事件：最后一个是 seq ${last}。`,
  en: `The {noun} has no such event yet: its last one is seq ${last}.`,
});
