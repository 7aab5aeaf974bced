import { spawnSync } from 'node:child_process';
import { reportResult } from './results';
import { ensureThriftCompiler } from './servers/thrift-compiler';

interface Check {
  readonly name: string;
  readonly command: readonly string[];
}

const node = process.execPath;
const CHECKS: readonly Check[] = [
  { name: 'types of libraries and apps', command: [node, 'node_modules/typescript/bin/tsc', '-b'] },
  { name: 'types of tests and tools', command: [node, 'node_modules/typescript/bin/tsc', '-p', 'tsconfig.tests.json'] },
  {
    name: 'types of the console',
    command: [node, 'node_modules/typescript/bin/tsc', '-p', 'apps/console/tsconfig.json'],
  },
  {
    name: 'lint and formatting',
    command: [node, 'node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'],
  },
  { name: 'vocabulary', command: [node, '--import', 'tsx', 'tools/check-words.ts'] },
  {
    name: 'allowed imports between folders',
    command: [
      node,
      'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
      '--config',
      '.dependency-cruiser.cjs',
      ...['apps', 'libs', 'demo', 'test', 'tools'],
    ],
  },
  {
    name: 'no import cycles between folders',
    command: [
      node,
      'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
      '--config',
      '.dependency-cruiser.folders.cjs',
      ...['apps', 'libs'],
    ],
  },
  { name: 'OpenAPI documents are current', command: [node, '--import', 'tsx', 'tools/openapi.ts', '--check'] },
  { name: 'module diagram is current', command: [node, '--import', 'tsx', 'tools/graph.ts', '--check'] },
  { name: 'types of the admin API are current', command: [node, 'tools/openapi/generate-client.mjs', '--check'] },
  { name: 'generated code is current', command: [node, 'libs/entity-codec/generate.mjs', '--check'] },
];

ensureThriftCompiler((line) => console.log(line));
const failed = CHECKS.filter(({ name, command: [program = '', ...args] }) => {
  console.log(`\n— ${name}`);
  return spawnSync(program, args, { stdio: 'inherit' }).status !== 0;
});
console.log('');
for (const { name } of CHECKS)
  console.log(`${failed.some((check) => check.name === name) ? 'FAILED' : 'ok    '} ${name}`);
reportResult('check', { passed: CHECKS.length - failed.length, failed: failed.length });
process.exit(failed.length > 0 ? 1 : 0);
