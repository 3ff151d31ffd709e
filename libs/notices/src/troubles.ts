import type { Language } from '@qiyue/civic-domain';

/**
 * Every way in which something can stand still, be set aside, be behind or be unsigned: each has a number in `/metrics`, a line in
 * `/health/ready` and `qiyue status`, an alarm, and a command that helps. The page of the runbook is `infra/docs/troubles.md`.
 */
export const TROUBLE_KINDS = [
  'process-missing',
  'relay-lag',
  'topic-missing',
  'consumer-lag',
  'foreign-reader',
  'batch-retrying',
  'record-refused',
  'command-parked',
  'reaction-parked',
  'reaction-refused',
  'dead-letter',
  'quarantined',
  'forked',
  'topic-differs',
  'diverged',
  'rules-unknown',
  'flush-stuck',
  'append-stuck',
  'lost',
  'ledger-unsound',
  'right-forged',
  'saga-waiting',
  'overdue-timer',
  'notice-refused',
  'notice-hanging',
  'checkpoint-old',
  'verification-old',
  'verification-findings',
] as const;
export type TroubleKind = (typeof TROUBLE_KINDS)[number];

export interface TroubleInfo {
  /** The command to begin with. */
  readonly help: string;
  /** Holds up many or may lose something: the alarm does not wait for the morning. */
  readonly isUrgent: boolean;
  readonly words: Readonly<Record<Language, string>>;
}

const info = (help: string, isUrgent: boolean, zh: string, en: string): TroubleInfo => ({
  help: `npx qiyue ${help}`,
  isUrgent,
  words: { 'zh-CN': zh, en },
});

export const TROUBLES: Readonly<Record<TroubleKind, TroubleInfo>> = {
  'process-missing': info('up --detach', true, '进程没有响应', 'a process gives no sign of life'),
  'relay-lag': info('messages list', true, '台账发布滞后', 'the events topic is behind the ledger'),
  'topic-missing': info('up --detach', true, '消息主题缺失', 'a topic is not there'),
  'consumer-lag': info('messages list', true, '消息消费滞后', 'a reader is behind its topic'),
  'foreign-reader': info('status', true, '陌生程序加入消费组', 'a stranger reads in the name of one of our groups'),
  'batch-retrying': info('messages list', true, '消息批次反复重试', 'a batch of messages is tried again and again'),
  'record-refused': info('messages list', false, '记录被消息服务器拒收', 'the broker refuses a record'),
  'command-parked': info('messages list', false, '命令被搁置', 'a command is parked'),
  'reaction-parked': info('messages list', false, '联动被搁置', 'what follows from a record waits'),
  'reaction-refused': info('messages list', false, '联动被拒绝', 'what follows from a record was refused'),
  'dead-letter': info('messages list', false, '死信', 'dead letters'),
  quarantined: info('projections status', false, '读模型搁置', 'set aside by a read model'),
  forked: info('audit verify', true, '历史分叉', 'two histories of one entity'),
  'topic-differs': info('audit verify --topic', true, '台账与主题不一致', 'ledger and events topic differ'),
  diverged: info('upgrade check', true, '重放与台账不符', 'an entity does not replay to what the ledger holds'),
  'rules-unknown': info('upgrade check', true, '规则版本未知', 'an entity runs on rules that a process does not know'),
  'flush-stuck': info('audit reconcile', true, '流程无法写入台账', 'a workflow’s flush confirms nothing'),
  'append-stuck': info('audit reconcile', true, '已确认记录无法写入台账', 'acknowledged records cannot be appended'),
  lost: info('audit reconcile', true, '流程丢失', 'an entity has not ended and no workflow of it runs'),
  'ledger-unsound': info('audit verify', true, '台账记录不连贯', 'the records of an entity do not fit each other'),
  'right-forged': info('audit rights', true, '数据库中有伪造的权限', 'somebody wrote a right into the database'),
  'saga-waiting': info('messages list', true, '跨实体命令等待中', 'a command over several entities waits for one of them'),
  'overdue-timer': info('audit reconcile', true, '到期步骤未执行', 'a step of a deadline has not been taken'),
  'notice-refused': info('notices --state refused', false, '通知被拒收', 'notices were refused'),
  'notice-hanging': info('notices --state hanging', false, '通知是否送达不明', 'nobody knows whether notices were sent'),
  'checkpoint-old': info('audit checkpoint', false, '检查点过期', 'no checkpoint for too long'),
  'verification-old': info('audit verify', false, '核验过期', 'no good verification for too long'),
  'verification-findings': info('audit verify', true, '台账核验异常', 'verification has found faults'),
};
