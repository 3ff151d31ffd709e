import { minuteOf, type EngineRefusal, type Refusal } from '@qiyue/engine';
import type { Language, Texts } from './languages';

/** How a refusal is told: `{name}` in a text is filled from its detail, `{noun}` and `{stage}` by what the entity and its stage are called. */
export interface RefusalInfo {
  /** HTTP status. */
  readonly status: 403 | 404 | 409 | 413 | 422 | 500 | 503;
  readonly texts: Texts;
}
export type RefusalInfos<R extends string = string> = Readonly<Record<R, RefusalInfo>>;

const of = (status: RefusalInfo['status'], zh: string, en: string): RefusalInfo => ({ status, texts: { 'zh-CN': zh, en } });

/** What every aggregate may refuse in the same words. */
export type CommonRefusal =
  | 'not-permitted' // never for this role, or not this actor's
  | 'wrong-stage' // the command does not belong to the entity's stage or status
  | 'invalid-body' // the edge checks bodies; this is the rules' own wall behind it
  | 'too-late'; // the window is over

export const COMMON_REFUSALS: RefusalInfos<CommonRefusal> = {
  'not-permitted': of(403, '您无权进行此操作。', 'You may not do this.'),
  'wrong-stage': of(409, '{noun}当前处于“{stage}”，不能进行此操作。', 'The {noun} is "{stage}" now; this cannot be done.'),
  'invalid-body': of(422, '内容不符合要求：{field}。', 'The content does not fit: {field}.'),
  'too-late': of(409, '已超过期限（{until}）。', 'The time for this ended at {until}.'),
};

/** What the engine refuses, whatever the aggregate. A new one does not compile until it has its texts. */
export const ENGINE_REFUSALS: RefusalInfos<EngineRefusal> = {
  'too-large': of(
    413,
    '内容过多：加密后的记录为 {bytes} 字节，上限为 {max} 字节，请分次提交。',
    'This is too much at once: sealed, its record would have {bytes} bytes, at most {max} are taken. Send it in parts.',
  ),
  'key-reused': of(422, '该请求编号已用于另一请求。', 'This request key was already used for another request.'),
  busy: of(503, '系统繁忙，请稍后再试。', 'The system is busy; please try again later.'),
  quarantined: of(503, '该{noun}的记录需要人工核查，暂不能操作。', "The {noun}'s records have to be checked by an operator first."),
  diverged: of(
    503,
    '该{noun}的办理程序与已存记录不一致，正在处理；请稍后用同一请求编号再试。',
    "The {noun}'s program and its records differ for the moment. Try again later with the same key: what becomes of it happens once.",
  ),
  'rules-unknown': of(
    503,
    '系统正在升级，该{noun}暂不能操作；请稍后用同一请求编号再试。',
    'The system is being upgraded and cannot serve this {noun} yet; nothing was recorded. Try again later with the same key.',
  ),
  'sequence-mismatch': of(409, '{noun}已有新变化（序号 {seq}），请刷新后再试。', 'The {noun} has moved on (sequence {seq}); reload and try again.'),
  'not-found': of(404, '没有这个{noun}。', 'There is no such {noun}.'),
  failed: of(500, '处理失败，已记录并通知运维人员。', 'This could not be handled; it was recorded for the operators.'),
};

/** Of a code from nowhere: that of `failed`. */
export const refusalInfoOf = (infos: RefusalInfos, code: string): RefusalInfo =>
  Object.hasOwn(infos, code) ? (infos[code] ?? ENGINE_REFUSALS.failed) : ENGINE_REFUSALS.failed;

const INSTANT = /^\d{4}-\d{2}-\d{2}T[\d:.]+\+08:00$/;

/** What an entity and its stages are called. */
export interface Called {
  readonly noun: Texts;
  /** Left out: as they are. */
  readonly stages?: Readonly<Record<string, Texts>>;
}

/** The refusal as a sentence for the reader. */
export const explainRefusal = (infos: RefusalInfos, { code, detail }: Refusal, { noun, stages = {} }: Called, language: Language): string =>
  refusalInfoOf(infos, code).texts[language].replace(/\{(\w+)\}/g, (_, name: string) => {
    if (name === 'noun') return noun[language];
    const value = String(detail?.[name] ?? '–');
    if (name === 'stage' && Object.hasOwn(stages, value)) return stages[value]?.[language] ?? value;
    return INSTANT.test(value) ? minuteOf(value) : value;
  });
