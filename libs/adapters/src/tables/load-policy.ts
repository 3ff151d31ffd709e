import { readFile } from 'node:fs/promises';
import { checkPolicy, type CheckedPolicy, type PolicyDocument } from '@qiyue/need-domain';

/** The policy in a file, or every mistake in it; a file that cannot be read throws what Node says. */
export const loadPolicyFile = async (path: string): Promise<CheckedPolicy<PolicyDocument>> => {
  try {
    // Editors on Windows begin a file with a mark that JSON does not know.
    return checkPolicy(JSON.parse((await readFile(path, 'utf8')).replace(/^\uFEFF/, '')) as unknown);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { ok: false, mistakes: [{ kind: 'not-json', where: '', detail: error.message }] };
  }
};
