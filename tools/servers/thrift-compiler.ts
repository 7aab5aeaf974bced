import { spawnSync } from 'node:child_process';
import { ensureInstalled } from './system-packages';

/** Makes sure that there is a Thrift compiler; see `ensureInstalled`. */
export function ensureThriftCompiler(say: (line: string) => void): void {
  ensureInstalled(
    [
      {
        name: 'the Thrift compiler',
        debianPackage: 'thrift-compiler',
        otherwise: 'put `thrift` 0.17.0 on the PATH',
        isThere: () => spawnSync('thrift', ['--version']).status === 0,
      },
    ],
    say,
  );
}
