import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { packagesIn, sourcesIn } from './sources.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const DEPCRUISE = fileURLToPath(new URL('../../bin/dependency-cruise.mjs', import.meta.resolve('dependency-cruiser')));
const LAYERS = JSON.parse(readFileSync(join(HERE, 'layers.json'), 'utf8'));
const OUTPUT_BYTES_MAX = 100_000_000;

/**
 * Everything in the tree under `root` that breaks a rule of `boundaries.cjs` or of a package's manifest.
 * Throws when dependency-cruiser itself cannot do its work.
 */
export const checkBoundaries = async (root) => {
  const { modules, summary } = await cruise(root, sourcesIn(root));
  if (modules.length === 0) throw new Error(`no sources under ${root}`);
  const packages = packagesIn(root);
  const violations = summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to }));
  return { modules: modules.length, violations: [...violations, ...packages.flatMap(tagViolations), ...undeclared(packages, modules)] };
};

const cruise = (root, sources) =>
  new Promise((resolve, reject) => {
    const args = [DEPCRUISE, '--config', join(HERE, 'boundaries.cjs'), '--output-type', 'json', ...sources];
    execFile(process.execPath, args, { cwd: root, maxBuffer: OUTPUT_BYTES_MAX }, (error, stdout, stderr) => {
      if (stdout.startsWith('{')) resolve(JSON.parse(stdout));
      else reject(new Error(`dependency-cruiser failed: ${stderr || error?.message}`));
    });
  });

/** Each package has exactly one `layer:` tag, a known one, and it is the one of its folder. */
const tagViolations = ({ folder, manifest }) => {
  const tags = (manifest.nx?.tags ?? []).filter((tag) => tag.startsWith('layer:')).map((tag) => tag.slice('layer:'.length));
  const [layer] = tags;
  const right = tags.length === 1 && LAYERS[layer] && new RegExp(`^(?:${LAYERS[layer].folder})$`).test(folder);
  return right ? [] : [{ rule: 'one-known-layer', from: `${folder}/package.json`, to: tags.join(', ') || 'no layer' }];
};

/** npm links every workspace package for all of them, so an import works without a declaration, and Nx would not know of it. */
const undeclared = (packages, modules) =>
  modules.flatMap(({ source, dependencies }) => {
    const owner = packages.filter(({ folder }) => source.startsWith(`${folder}/`)).sort((a, b) => b.folder.length - a.folder.length)[0];
    if (!owner) return [];
    const { name, dependencies: production, devDependencies } = owner.manifest;
    const declared = { [name]: true, ...production, ...devDependencies };
    const named = dependencies.filter(({ dependencyTypes }) => dependencyTypes.includes('aliased-workspace')).map(({ module }) => module);
    return named.filter((module) => !declared[packageNameOf(module)]).map((to) => ({ rule: 'no-undeclared-workspace', from: source, to }));
  });

const packageNameOf = (specifier) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const root = process.argv[2] ?? join(HERE, '../..');
  process.stdout.write(`${JSON.stringify(await checkBoundaries(root))}\n`);
}
