import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { messageOf, StackError } from '../base/stack-error';
import type { StackLog } from '../base/stack-log';
import { findProgram, outputOf } from './find-program';

const ANSWER_BOUND_MS = 3000;
const REMOVE_BOUND_MS = 30_000;
const PULL_BOUND_MS = 20 * 60_000;
const run = promisify(execFile);

/** The docker program, if an engine answers it in time. */
export const findDocker = async (env: NodeJS.ProcessEnv): Promise<string | null> => {
  const docker = findProgram(env, 'docker');
  if (docker === null) return null;
  const version = await outputOf(docker, ['info', '--format', '{{.ServerVersion}}'], env, ANSWER_BOUND_MS);
  return version !== null && /^\d/.test(version) ? docker : null;
};

/** Fetches the image unless it is here, so that a start is never bounded by somebody's network. */
export const ensureImage = async (docker: string, image: string, log: StackLog): Promise<void> => {
  if ((await outputOf(docker, ['image', 'inspect', image], process.env, REMOVE_BOUND_MS)) !== null) return;
  const step = log.step({ 'zh-CN': `正在下载镜像 ${image}`, en: `fetching the image ${image}` }, [60, 180]);
  try {
    await run(docker, ['pull', '--quiet', image], { timeout: PULL_BOUND_MS });
    step.done();
  } catch (error) {
    step.failed();
    throw new StackError(`docker did not fetch ${image}: ${messageOf(error)}`);
  }
};

/** A container that is not there is fine; an engine that does not answer is not. */
export const removeContainer = async (docker: string, name: string): Promise<void> => {
  try {
    await run(docker, ['rm', '--force', name], { timeout: REMOVE_BOUND_MS });
  } catch (error) {
    const gone = typeof error === 'object' && error !== null && 'stderr' in error && /no such container/i.test(String(error.stderr));
    if (!gone) throw new StackError(`docker did not remove the container ${name}`);
  }
};
