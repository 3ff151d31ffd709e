import type { Refusal } from '@qiyue/engine';
import { explainIssues, type ExplainedIssue } from '@qiyue/civic-contracts';
import {
  COMMON_REFUSALS,
  ENGINE_REFUSALS,
  explainRefusal,
  refusalInfoOf,
  type Called,
  type Language,
  type RefusalInfos,
  type Texts,
} from '@qiyue/civic-domain';
import type { z } from 'zod';
import { EDGE_PROBLEMS, type EdgeCode } from './edge-problems';

const TITLES: Readonly<Record<number, Readonly<Record<Language, string>>>> = {
  400: { 'zh-CN': '请求有误', en: 'Bad request' },
  401: { 'zh-CN': '未登录', en: 'Not authenticated' },
  403: { 'zh-CN': '无权操作', en: 'Not permitted' },
  404: { 'zh-CN': '未找到', en: 'Not found' },
  405: { 'zh-CN': '方法不支持', en: 'Method not allowed' },
  409: { 'zh-CN': '与当前状态或规则不符', en: 'Refused by the rules' },
  412: { 'zh-CN': '已被他人修改', en: 'Changed meanwhile' },
  413: { 'zh-CN': '内容过大', en: 'Too large' },
  415: { 'zh-CN': '内容类型不支持', en: 'Unsupported content type' },
  422: { 'zh-CN': '内容不符合要求', en: 'Does not fit' },
  429: { 'zh-CN': '请求过多', en: 'Too many requests' },
  500: { 'zh-CN': '内部错误', en: 'Internal error' },
  503: { 'zh-CN': '暂不可用', en: 'Unavailable' },
};

/** What any entity may refuse. */
export const BASE_REFUSALS: RefusalInfos = { ...ENGINE_REFUSALS, ...COMMON_REFUSALS };
const ANYTHING: Texts = { 'zh-CN': '事项', en: 'entity' };

/** RFC 9457. `facts` are the refusal's own, for programs; `errors` say what does not fit, and where. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly commandId?: string;
  readonly facts?: Refusal['detail'];
  readonly errors?: readonly ExplainedIssue[];
  /** Names that may be meant, the nearest first. */
  readonly suggestions?: readonly string[];
  /** Where in the body what does not fit stands. */
  readonly field?: string;
}

interface Extras {
  readonly headers?: Readonly<Record<string, string>>;
  readonly commandId?: string;
  readonly issues?: z.core.$ZodError;
  readonly suggestions?: readonly string[];
  readonly field?: string;
  /** In the place of what the code says in general. */
  readonly detail?: Texts;
}

/** An answer that is not the one asked for. Thrown inside the edge only; the filter writes it in the reader's language. */
export class Problem extends Error {
  override readonly name = 'Problem';

  private constructor(
    readonly refusal: Refusal,
    readonly status: number,
    readonly extras: Extras,
    private readonly infos: RefusalInfos = BASE_REFUSALS,
  ) {
    super(refusal.code);
  }

  static edge(code: EdgeCode, extras: Extras = {}): Problem {
    return new Problem({ code }, EDGE_PROBLEMS[code].status, extras);
  }

  /** `infos`: of the aggregate that refuses. */
  static refused(refusal: Refusal, extras: Extras = {}, infos: RefusalInfos = BASE_REFUSALS): Problem {
    return new Problem(refusal, refusalInfoOf(infos, refusal.code).status, extras, infos);
  }

  static invalid(issues: z.core.$ZodError): Problem {
    return Problem.edge('invalid', { issues });
  }

  /** `called`: what it is about. */
  document(language: Language, called: Called = { noun: ANYTHING }): ProblemDocument {
    const { code, detail: facts } = this.refusal;
    const { commandId, issues, suggestions, field, detail } = this.extras;
    // `too-large` is a code of both: with facts it is an event that cannot be published, without a body that was not even read
    const isEdge = facts === undefined && Object.hasOwn(EDGE_PROBLEMS, code);
    return {
      type: `urn:qiyue:problem:${code}`,
      title: TITLES[this.status]?.[language] ?? code,
      status: this.status,
      detail: isEdge
        ? (detail ?? EDGE_PROBLEMS[code as EdgeCode].detail)[language].replaceAll('{noun}', called.noun[language])
        : explainRefusal(this.infos, this.refusal, called, language),
      code,
      ...(commandId === undefined ? {} : { commandId }),
      ...(facts === undefined ? {} : { facts }),
      ...(suggestions === undefined ? {} : { suggestions }),
      ...(field === undefined ? {} : { field }),
      ...(issues === undefined ? {} : { errors: explainIssues(issues, language) }),
    };
  }
}
