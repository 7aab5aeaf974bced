import { spawnSync } from 'node:child_process';
import { ensureInstalled } from './system-packages';

/** Makes sure that the model checker and the C compiler that its verifiers need are there; see `ensureInstalled`. */
export function ensureSpin(print: (line: string) => void): void {
  ensureInstalled(
    [
      {
        name: 'the model checker spin',
        debianPackage: 'spin',
        otherwise: 'put `spin` 6.5 on the PATH',
        isThere: () => spawnSync('spin', ['-V']).status === 0,
      },
      {
        name: 'a C compiler',
        debianPackage: 'gcc',
        otherwise: 'put `gcc` on the PATH',
        isThere: () => spawnSync('gcc', ['--version']).status === 0,
      },
      {
        name: 'the C library’s headers',
        debianPackage: 'libc6-dev',
        otherwise: 'install the headers of your C library',
        isThere: () => spawnSync('gcc', ['-fsyntax-only', '-xc', '-'], { input: '#include <stdio.h>\n' }).status === 0,
      },
    ],
    print,
  );
}
