import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const OUT = join(__dirname, 'dist');
const options: ts.CompilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2023, esModuleInterop: true };

/** To JavaScript, as a county's own package is built elsewhere. The build of the repository knows nothing of it; its types are checked with those of all tests. */
export const compile = (): void => {
  mkdirSync(OUT, { recursive: true });
  for (const name of readdirSync(__dirname).filter((file) => /\.(domain|contracts|views|aggregate)\.ts$/.test(file))) {
    const { outputText } = ts.transpileModule(readFileSync(join(__dirname, name), 'utf8'), { compilerOptions: options, fileName: name });
    writeFileSync(join(OUT, name.replace(/ts$/, 'js')), outputText);
  }
};
