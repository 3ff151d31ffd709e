import { COMMON_REFUSALS, ENGINE_REFUSALS, type CommonRefusal, type RefusalInfo, type RefusalInfos } from '@qiyue/civic-domain';
import type { ProjectRefusal } from '@qiyue/project-domain';

const conflict = (zh: string, en: string): RefusalInfo => ({ status: 409, texts: { 'zh-CN': zh, en } });

/** A new refusal does not compile until it has its status and its texts. */
const OWN: RefusalInfos<Exclude<ProjectRefusal, CommonRefusal>> = {
  'needs-open': conflict('尚有 {open} 项需求未完工。', 'The works of {open} needs are not done yet.'),
  'too-many': conflict('同类内容最多 {max} 项。', 'A project has at most {max} of these.'),
  'no-such-need': conflict('没有这项需求。', 'There is no such need.'),
  'need-ended': conflict('该需求已结束。', 'The need has ended.'),
  'in-another-project': conflict('该需求已纳入另一项目。', 'The need is in another project.'),
  'other-parties': conflict('该项目与对方的单位、社区不符。', 'The project is of another unit or community than that.'),
  'no-such-contract': conflict('没有这份契约。', 'There is no such contract.'),
  'no-such-item': conflict('契约中没有该项目。', 'The contract has no such item.'),
  'contract-not-in-force': conflict('契约尚未生效或已期满。', 'The contract is not in force.'),
  'no-such-resource': conflict('没有这项资源。', 'There is no such resource.'),
  taken: conflict(
    '该时段可用 {free}，需要 {asked}；已预订：{overlaps}。',
    'Only {free} of it can be had then, {asked} were asked for. Promised: {overlaps}.',
  ),
  'not-available': conflict('该资源不在可提供的时间内（{from} 至 {to}）。', 'The resource is offered from {from} to {to} only.'),
  'resource-unavailable': conflict('该资源目前不能预订（{why}）。', 'The resource cannot be reserved now: {why}.'),
};

export const PROJECT_REFUSALS: RefusalInfos = { ...ENGINE_REFUSALS, ...COMMON_REFUSALS, ...OWN };
