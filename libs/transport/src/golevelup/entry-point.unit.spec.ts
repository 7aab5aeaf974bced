import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** The packages that a file imports, directly or through other files of the library. */
function packagesOf(file: string, seen = new Set<string>()): string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  const sources = [...readFileSync(file, 'utf8').matchAll(/\b(?:from|import|require\()\s*'([^']+)'/g)].map(
    ([, name]) => name ?? '',
  );
  return sources.flatMap((name) =>
    name.startsWith('.') ? packagesOf(join(dirname(file), `${name}.ts`), seen) : [name],
  );
}

describe('the library’s main entry point', () => {
  it('The main entry point does not import golevelup, which is an optional peer; its own entry point does', () => {
    const golevelup = expect.arrayContaining(['@golevelup/nestjs-rabbitmq']);
    expect(packagesOf(join(__dirname, '../index.ts'))).toEqual(expect.arrayContaining(['amqplib']));
    expect(packagesOf(join(__dirname, '../index.ts'))).not.toEqual(golevelup);
    expect(packagesOf(join(__dirname, 'index.ts'))).toEqual(golevelup);
    const { peerDependenciesMeta, exports } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8'));
    expect(peerDependenciesMeta).toEqual({ '@golevelup/nestjs-rabbitmq': { optional: true } });
    expect(Object.keys(exports)).toEqual(expect.arrayContaining(['.', './golevelup']));
  });
});
