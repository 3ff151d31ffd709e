import { findProgram, outputOf } from './find-program';

/** A program that a build needs. `atLeast` is [major, minor]. */
export interface BuildTool {
  readonly program: string;
  readonly called: string;
  readonly howToGet: string;
  readonly versionArgs: readonly string[];
  readonly version: RegExp;
  readonly atLeast: readonly [number, number];
}

export const GO: BuildTool = {
  program: 'go',
  called: 'Go 1.25 or newer',
  howToGet: 'https://go.dev/dl',
  versionArgs: ['version'],
  version: /go(\d+)\.(\d+)/,
  atLeast: [1, 25],
};
export const CARGO: BuildTool = {
  program: 'cargo',
  called: 'Rust 1.95 or newer with cargo',
  howToGet: 'https://rustup.rs',
  versionArgs: ['--version'],
  version: /cargo (\d+)\.(\d+)/,
  atLeast: [1, 95],
};
export const JAVA: BuildTool = {
  program: 'java',
  called: 'Java 17 or newer',
  howToGet: 'https://adoptium.net, or the package openjdk-17-jre-headless',
  versionArgs: ['-version'],
  version: /version "(\d+)(?:\.(\d+))?/,
  atLeast: [17, 0],
};
export const MAVEN: BuildTool = {
  program: 'mvn',
  called: 'Maven 3.6 or newer',
  howToGet: 'https://maven.apache.org, or the package maven',
  versionArgs: ['-version'],
  version: /Apache Maven (\d+)\.(\d+)/,
  atLeast: [3, 6],
};

const VERSION_BOUND_MS = 20_000;

/** Why the tool will not do, as the middle of a sentence; null when it will. */
export const lackOf = async (tool: BuildTool, env: NodeJS.ProcessEnv): Promise<string | null> => {
  const path = findProgram(env, tool.program);
  if (path === null) return `${tool.called} (${tool.howToGet}), and \`${tool.program}\` is not on the PATH`;
  const found = tool.version.exec((await outputOf(path, tool.versionArgs, env, VERSION_BOUND_MS)) ?? '');
  if (found === null) return `${tool.called} (${tool.howToGet}), and ${path} does not say its version`;
  const [major, minor] = [Number(found[1]), Number(found[2] ?? 0)];
  const enough = major > tool.atLeast[0] || (major === tool.atLeast[0] && minor >= tool.atLeast[1]);
  return enough ? null : `${tool.called} (${tool.howToGet}), and ${path} is ${major}.${minor}`;
};
