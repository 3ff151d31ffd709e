import { checkPolicy, type CheckedPolicy, type PolicyDocument } from '@qiyue/civic-domain';
import { readTextFile } from '@qiyue/platform';

/** The policy in a file, or every mistake in it; a file that cannot be read throws what Node says. */
export const loadPolicyFile = async (path: string): Promise<CheckedPolicy<PolicyDocument>> => {
  try {
    return checkPolicy(JSON.parse(await readTextFile(path)) as unknown);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { ok: false, mistakes: [{ kind: 'not-json', where: '', detail: error.message }] };
  }
};
