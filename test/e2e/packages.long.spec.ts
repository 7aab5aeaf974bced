import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const libraries = readdirSync(join(root, 'libs'));

/** npm's variables would make a nested npm use this project. */
const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith('npm_')));
const run = async (cwd: string, program: string) =>
  (await promisify(execFile)(process.execPath, ['-e', program], { cwd, env })).stdout;
const npm = (cwd: string, ...args: string[]) => promisify(execFile)('npm', args, { cwd, env });

describe('The libraries as packages', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'packages-'));
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('The libraries can be packed, and then installed and loaded in another project', async () => {
    const packed = join(folder, 'packed');
    mkdirSync(packed);
    await npm(root, 'pack', '--pack-destination', packed, ...libraries.flatMap((name) => ['-w', `libs/${name}`]));
    const files = readdirSync(packed);
    expect(files).toHaveLength(libraries.length);

    const consumer = join(folder, 'consumer');
    mkdirSync(consumer);
    // Without @golevelup/nestjs-rabbitmq, an optional peer.
    const dependencies = Object.fromEntries([
      ...libraries.map((name) => [
        `@dbem/${name}`,
        `file:${join(packed, files.find((file) => file.startsWith(`dbem-${name}-`)) ?? '')}`,
      ]),
      ...['common', 'core', 'platform-express'].map((name) => [`@nestjs/${name}`, '^11.2.0']),
      ['reflect-metadata', '^0.2.2'],
      ['rxjs', '^7.8.2'],
    ]);
    writeFileSync(join(consumer, 'package.json'), JSON.stringify({ name: 'consumer', private: true, dependencies }));
    await npm(consumer, 'install', '--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline');
    writeFileSync(
      join(consumer, 'use.js'),
      `require('reflect-metadata');
       for (const name of ${JSON.stringify(libraries)}) require('@dbem/' + name);
       const { projectCodec } = require('@dbem/entity-codec');
       const bytes = projectCodec.encode({ projectID: 'p', owner: 'o', gatewayId: 'g', name: 'n' });
       require('node:fs').accessSync(require.resolve('@dbem/entity-codec/package.json').replace('package.json', 'idl/project.thrift'));
       process.stdout.write(projectCodec.decode(bytes).name);`,
    );
    expect((await promisify(execFile)(process.execPath, ['use.js'], { cwd: consumer })).stdout).toBe('n');

    const useGolevelup = `try { process.stdout.write(typeof require('@dbem/transport/golevelup').GolevelupModule) }
       catch (error) { process.stdout.write(error.code) }`;
    expect(await run(consumer, useGolevelup)).toBe('MODULE_NOT_FOUND');
    await npm(
      consumer,
      'install',
      '@golevelup/nestjs-rabbitmq@^9.0.2',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
      '--prefer-offline',
    );
    expect(await run(consumer, useGolevelup)).toBe('function');
  }, 600_000);
});
