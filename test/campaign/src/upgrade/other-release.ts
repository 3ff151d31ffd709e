import { NEED_RULES } from '@qiyue/need-domain';
import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdirSync, readdirSync, readlinkSync, symlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../../../..');
const BUILT = ['apps', 'libs', 'workflows', 'infra/stack'];
const LEFT_OUT = /\/(node_modules|src|histories|golden)(\/|$)/;

/**
 * Another release of the built program in a folder of its own: the same but for `change`, which is added to the compiled decider of needs,
 * and its workflows bundled anew. Its processes run beside those of this release.
 */
export const makeRelease = (folder: string, change: string): string => {
  for (const part of BUILT)
    cpSync(join(ROOT, part), join(folder, part), { recursive: true, filter: (path) => !LEFT_OUT.test(path.slice(ROOT.length)) });
  linkPackages(folder);
  appendFileSync(join(folder, 'libs/need/domain/dist/need.decider.js'), `\n${change}\n`);
  execFileSync(process.execPath, [join(folder, 'apps/worker/dist/bundle.js')], { stdio: 'ignore' });
  return folder;
};

/** Packages of ours are those of the folder, all others are shared. */
const linkPackages = (folder: string): void => {
  const [from, to] = [join(ROOT, 'node_modules'), join(folder, 'node_modules')];
  mkdirSync(join(to, '@qiyue'), { recursive: true });
  for (const name of readdirSync(from)) if (name !== '@qiyue' && name !== '.cache') symlinkSync(join(from, name), join(to, name));
  for (const name of readdirSync(join(from, '@qiyue'))) {
    const target = readlinkSync(join(from, '@qiyue', name));
    if (existsSync(resolve(to, '@qiyue', target))) symlinkSync(target, join(to, '@qiyue', name));
  }
  const nested = join(ROOT, 'apps/api/node_modules');
  if (existsSync(nested)) symlinkSync(nested, join(folder, 'apps/api/node_modules'));
};

export const scriptIn = (folder: string, app: string): string => join(folder, 'apps', app, 'dist/main.js');
export const THIS_RELEASE = dirname(join(ROOT, 'package.json'));

const GAINS_A_FIELD = `(decision) => decision.ok
  ? { ...decision, events: decision.events.map((event) => event.type === 'NeedClaimed' ? { ...event, data: { ...event.data, planLength: event.data.plan.length } } : event) }
  : decision`;
const wrapped = (rules: number, isOn: string): string => `
const before = exports.needDecider;
const gains = ${GAINS_A_FIELD};
exports.NEED_RULES = ${rules};
exports.needDecider = { ...before, rules: ${rules}, decide: (command, state, context) => ${isOn} ? gains(before.decide(command, state, context)) : before.decide(command, state, context) };`;

/** The rules of the other release. */
export const NEXT_RULES = NEED_RULES + 1;
/** A claim says how long its plan is: from the next rules on, as it should be; and, as it should not be, under every version. */
export const DECLARED = wrapped(NEXT_RULES, `context.rules >= ${NEXT_RULES}`);
export const UNDECLARED = wrapped(NEXT_RULES, 'true');
