import type { EngineRefusal, Refusal } from '@qiyue/engine';

/** Every way the rules turn a well-formed command down. Stable names: other people's tests rely on them. */
export type NeedRefusal =
  | 'not-permitted' // never for this role, or not this actor's need
  | 'wrong-stage' // the command does not belong to the need's stage or status
  | 'invalid-body' // the edge checks bodies; this is the rules' own wall behind it
  | 'nothing-to-amend'
  | 'same-need' // a need cannot be merged into itself
  | 'has-adopted' // a need that adopted others cannot be merged away
  | 'target-not-live' // only a submitted, claimed or funded need can adopt
  | 'too-late' // the window is over
  | 'decision-missing' // maintenance fund without a passed owners' decision
  | 'over-budget' // the department's budget does not cover it
  | 'already-started'
  | 'already-evaluated' // each side once per round
  | 'already-signed' // each party once per claim
  | 'already-joined' // a helper accepts once per claim
  | 'already-shared' // the unit has the contact already
  | 'already-paused'
  | 'not-paused'
  | 'already-extended' // once per stage, whatever became of it
  | 'too-long' // more working days than the policy allows
  | 'no-request' // no extension was asked for, or it was answered
  | 'no-deadline'; // no deadline runs that this could change

export type Language = 'zh-CN' | 'en';
type Texts = Readonly<Record<Language, string>>;

/** For people. `{name}` is filled from the refusal's detail. A new refusal does not compile until it has its texts. */
export const REFUSAL_MESSAGES: Readonly<Record<NeedRefusal | EngineRefusal, Texts>> = {
  'not-permitted': { 'zh-CN': '您无权进行此操作。', en: 'You may not do this.' },
  'wrong-stage': { 'zh-CN': '需求当前处于“{stage}”，不能进行此操作。', en: 'The need is "{stage}" now; this cannot be done.' },
  'invalid-body': { 'zh-CN': '内容不符合要求：{field}。', en: 'The content does not fit: {field}.' },
  'nothing-to-amend': { 'zh-CN': '没有要修改的内容。', en: 'There is nothing to amend.' },
  'same-need': { 'zh-CN': '不能把需求并入它自己。', en: 'A need cannot be merged into itself.' },
  'has-adopted': { 'zh-CN': '已并入其他需求的需求不能再被合并。', en: 'A need that others were merged into cannot be merged away.' },
  'target-not-live': { 'zh-CN': '目标需求已结束，不能并入。', en: 'The target need is no longer live; nothing can be merged into it.' },
  'too-late': { 'zh-CN': '已超过期限（{until}）。', en: 'The time for this ended at {until}.' },
  'decision-missing': {
    'zh-CN': '使用维修资金须先有业主共同决定通过。',
    en: "The maintenance fund may be used only after a passed owners' decision.",
  },
  'over-budget': { 'zh-CN': '超出部门预算。', en: "The department's budget does not cover this." },
  'already-started': { 'zh-CN': '工程已经开工。', en: 'The works have already started.' },
  'already-evaluated': { 'zh-CN': '该方已经评价过。', en: 'This side has already evaluated.' },
  'already-signed': { 'zh-CN': '该方已经签约。', en: 'This party has already signed.' },
  'already-joined': { 'zh-CN': '贵单位已接受协办。', en: 'This unit has already joined.' },
  'already-shared': { 'zh-CN': '已同意向该单位提供联系方式。', en: 'The contact is shared with this unit already.' },
  'already-paused': { 'zh-CN': '办理时限已经暂停。', en: 'The clock is already paused.' },
  'not-paused': { 'zh-CN': '办理时限没有暂停。', en: 'The clock is not paused.' },
  'already-extended': { 'zh-CN': '本环节只能申请一次延期。', en: 'An extension can be asked for only once in a stage.' },
  'too-long': { 'zh-CN': '最多延期 {max} 个工作日。', en: 'An extension is at most {max} working days.' },
  'no-request': { 'zh-CN': '没有待答复的延期申请。', en: 'There is no extension request to answer.' },
  'no-deadline': { 'zh-CN': '当前没有可调整的办理期限。', en: 'No deadline runs that this could change.' },
  'too-large': {
    'zh-CN': '内容过多：加密后的记录为 {bytes} 字节，上限为 {max} 字节，请分次提交。',
    en: 'This is too much at once: sealed, its record would have {bytes} bytes, at most {max} are taken. Send it in parts.',
  },
  'key-reused': { 'zh-CN': '该请求编号已用于另一请求。', en: 'This request key was already used for another request.' },
  busy: { 'zh-CN': '系统繁忙，请稍后再试。', en: 'The system is busy; please try again later.' },
  quarantined: { 'zh-CN': '该需求的记录需要人工核查，暂不能操作。', en: "The need's records have to be checked by an operator first." },
  diverged: {
    'zh-CN': '该需求的办理程序与已存记录不一致，正在处理；请稍后用同一请求编号再试。',
    en: "The need's program and its records differ for the moment. Try again later with the same key: what becomes of it happens once.",
  },
  'rules-unknown': {
    'zh-CN': '系统正在升级，该需求暂不能操作；请稍后用同一请求编号再试。',
    en: 'The system is being upgraded and cannot serve this need yet; nothing was recorded. Try again later with the same key.',
  },
  'sequence-mismatch': {
    'zh-CN': '需求已有新变化（序号 {seq}），请刷新后再试。',
    en: 'The need has moved on (sequence {seq}); reload and try again.',
  },
  'not-found': { 'zh-CN': '没有这个需求。', en: 'There is no such need.' },
  failed: { 'zh-CN': '处理失败，已记录并通知运维人员。', en: 'This could not be handled; it was recorded for the operators.' },
};

const isKnown = (code: string): code is keyof typeof REFUSAL_MESSAGES => Object.hasOwn(REFUSAL_MESSAGES, code);

/** The refusal as a sentence for the reader. A code from nowhere gives the text of `failed`. */
export const explainRefusal = ({ code, detail }: Refusal, language: Language): string =>
  REFUSAL_MESSAGES[isKnown(code) ? code : 'failed'][language].replace(/\{(\w+)\}/g, (_, name: string) => String(detail?.[name] ?? '–'));
