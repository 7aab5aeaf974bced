import { spawnSync } from 'node:child_process';
import { ensureInstalled } from './system-packages';

/** Installs the Thrift compiler if it is missing; see `ensureInstalled`. */
export function ensureThriftCompiler(print: (line: string) => void): void {
  ensureInstalled(
    [
      {
        name: 'the Thrift compiler',
        debianPackage: 'thrift-compiler',
        otherwise: 'put `thrift` 0.17.0 on the PATH',
        isThere: () => spawnSync('thrift', ['--version']).status === 0,
      },
    ],
    print,
  );
}
