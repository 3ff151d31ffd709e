// `npm run sbom [FILE]`: what runs in production, out of the lock file alone, as CycloneDX JSON, to a file or to the terminal. Fails when
// it and the lock file differ, or when a package has no hash to be checked by; builds for other systems than this one, of which
// npm's lock files keep none, are named.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const json = (path) => JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
const IN_MODULES = /^.*node_modules\//;

const made = () => {
  const npm = process.env.npm_execpath;
  const [program, ...before] = npm?.endsWith('.js') ? [process.execPath, npm] : ['npm'];
  const args = [...before, 'sbom', '--package-lock-only', '--sbom-format', 'cyclonedx', '--sbom-type', 'application'];
  return JSON.parse(execFileSync(program, args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, stdio: ['ignore', 'pipe', 'ignore'] }));
};

/** Named after the product and not after the folder that it lies in. */
const named = (bom, { name, version }) => ({ ...bom, metadata: { ...bom.metadata, component: { ...bom.metadata.component, name, version } } });

/** npm's own `--omit dev` leaves out what one of our workspaces wants in production and another for development; the lock file knows better. */
const withoutDevelopment = (bom, wanted) => {
  const components = bom.components.filter((component) => component.purl?.startsWith('pkg:npm/%40qiyue/') || wanted.has(nameOf(component)));
  const refs = new Set([...components.map((component) => component['bom-ref']), bom.metadata.component['bom-ref']]);
  const dependencies = (bom.dependencies ?? [])
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((other) => refs.has(other)) }));
  return { ...bom, components, dependencies };
};

const nameOf = ({ group, name, version }) => `${group ? `${group}/` : ''}${name}@${version}`;

/** `name@version` of every package of others that is not for development alone. */
const locked = ({ packages }) =>
  new Map(
    Object.entries(packages).flatMap(([path, entry]) =>
      !IN_MODULES.test(path) || entry.dev || entry.link || entry.devOptional
        ? []
        : [[`${entry.name ?? path.replace(IN_MODULES, '')}@${entry.version}`, entry]],
    ),
  );

const isUnhashed = ({ hashes = [] }) => hashes.length === 0;

const mistakesIn = (bom, wanted) => {
  const listed = new Map(bom.components.map((component) => [nameOf(component), component]));
  return [
    ...[...wanted.keys()].filter((name) => !listed.has(name)).map((name) => `${name}: in the lock file, and not in the list`),
    ...[...wanted.keys()]
      .filter((name) => listed.has(name) && isUnhashed(listed.get(name)) && !wanted.get(name).optional)
      .map((name) => `${name}: without a hash`),
  ];
};

const wanted = locked(json('package-lock.json'));
const bom = withoutDevelopment(named(made(), json('package.json')), wanted);
const mistakes = mistakesIn(bom, wanted);
if (mistakes.length > 0) {
  console.error(mistakes.join('\n'));
  process.exit(1);
}
const unchecked = bom.components.filter((component) => isUnhashed(component) && wanted.has(nameOf(component))).map(nameOf);
if (unchecked.length > 0) console.error(`without a hash, for other systems: ${unchecked.join(', ')}`);
const text = `${JSON.stringify(bom, null, 2)}\n`;
const [, , file] = process.argv;
if (file === undefined) process.stdout.write(text);
else {
  writeFileSync(file, text);
  console.error(`${bom.components.length} components in ${file}`);
}
