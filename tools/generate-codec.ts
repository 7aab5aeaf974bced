import { spawnSync } from 'node:child_process';
import { ensureThriftCompiler } from './servers/thrift-compiler';

ensureThriftCompiler((line) => console.log(line));
const { status } = spawnSync(process.execPath, ['libs/entity-codec/generate.mjs', ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exit(status ?? 1);
