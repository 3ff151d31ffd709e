import { CliError } from '../context';
import { inWords } from './language';

/** `community=民悦社区` as a filter; what stands before the first `=` is its name. */
export const filtersIn = (filters: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    filters.map((filter) => {
      const at = filter.indexOf('=');
      if (at <= 0) throw new CliError(inWords({ 'zh-CN': `过滤条件须写成 名称=值：${filter}`, en: `a filter is name=value, and ${filter} is not` }));
      return [filter.slice(0, at), filter.slice(at + 1)];
    }),
  );
