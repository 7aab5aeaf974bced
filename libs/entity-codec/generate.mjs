// Generates the Thrift stubs in generated/ from idl/. With --check it only fails if the committed stubs are out of
// date.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const generatedFolder = join(here, 'generated');
const COMPILER_VERSION = '0.17.0';

const version = execFileSync('thrift', ['--version'], { encoding: 'utf8' }).trim();
if (!version.endsWith(COMPILER_VERSION)) {
  console.error(`The stubs need Thrift compiler ${COMPILER_VERSION} (Debian's thrift-compiler); found "${version}".`);
  process.exit(1);
}

const scratch = mkdtempSync(join(tmpdir(), 'thrift-stubs-'));
try {
  for (const idl of readdirSync(join(here, 'idl'))) {
    execFileSync('thrift', ['--gen', 'js:node,ts,es6', '-out', scratch, join(here, 'idl', idl)], { stdio: 'inherit' });
  }
  const generated = new Map(
    readdirSync(scratch).map((name) => [name, complete(name, readFileSync(join(scratch, name), 'utf8'))]),
  );
  if (process.argv.includes('--check')) check(generated);
  else write(generated);
} finally {
  rmSync(scratch, { recursive: true });
}

/** The compiler's type declarations have no exports and lack the methods `read` and `write`. */
function complete(name, text) {
  if (!name.endsWith('.d.ts')) return text;
  return text
    .replace(/^import .*\n/gm, '')
    .replace(/\bInt64\b/g, 'bigint')
    .replace(/^declare /gm, 'export declare ')
    .replace(
      /^(export declare class \w+) \{$/gm,
      '$1 {\n    read(input: object): void;\n    write(output: object): void;',
    );
}

function check(generated) {
  const committed = new Map(
    readdirSync(generatedFolder).map((name) => [name, readFileSync(join(generatedFolder, name), 'utf8')]),
  );
  const names = new Set([...generated.keys(), ...committed.keys()]);
  const stale = [...names].filter((name) => generated.get(name) !== committed.get(name));
  if (stale.length > 0) {
    console.error(`Out of date: ${stale.join(', ')}. Run "npm run codec:generate".`);
    process.exitCode = 1;
  } else {
    console.log(`The ${names.size} generated files are up to date.`);
  }
}

function write(generated) {
  rmSync(generatedFolder, { recursive: true, force: true });
  mkdirSync(generatedFolder);
  for (const [name, text] of generated) writeFileSync(join(generatedFolder, name), text);
  console.log(`Wrote ${generated.size} files.`);
}
