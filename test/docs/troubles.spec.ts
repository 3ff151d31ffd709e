import { describe, expect, it } from '@jest/globals';
import { watchSystem, type SystemHealth } from '@qiyue/edge';
import { TROUBLE_KINDS, TROUBLES } from '@qiyue/notices';
import { ProcessMetrics } from '@qiyue/platform';
import { read } from './pages';

const page = read('infra/docs/troubles.md');
const rows = new Map([...page.matchAll(/^\| `([a-z-]+)` \| (.*)$/gm)].map(([, kind, rest]) => [String(kind), String(rest)]));

describe('the page about what is broken', () => {
  it('has a row for every kind of trouble, with the command that the other places name', () => {
    expect([...rows.keys()].sort()).toEqual([...TROUBLE_KINDS].sort());
    for (const kind of TROUBLE_KINDS) expect(rows.get(kind)).toContain(`\`${TROUBLES[kind].help}\``);
  });

  it('names the metrics that there are, and all of them', () => {
    const { registry } = new ProcessMetrics();
    watchSystem(registry, {} as SystemHealth, { checkpointMinutes: 60 });
    const known = registry.getMetricsAsArray().flatMap(({ name }) => (name.startsWith('qiyue_') ? [name] : []));
    const named = [...new Set([...page.matchAll(/qiyue_[a-z_]*[a-z]/g)].map(([name]) => name))];
    const others = ['qiyue_audit_findings', 'qiyue_audit_relay_lag'];
    expect(named.filter((name) => !known.includes(name) && !others.includes(name))).toEqual([]);
    const unnamed = known.filter((name) => !page.includes(name) && !name.startsWith('qiyue_audit_relay_lag'));
    expect(unnamed).toEqual([]);
  });
});
