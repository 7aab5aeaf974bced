import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { instance } from '@viz-js/viz';
import { dotOf } from './graph/dot-of';
import type { AppModules, NestModule } from './graph/nest-module';
import { treeOf } from './graph/tree-of';

/**
 * Prints the Nest modules of each app, or of the one that is named, and writes the picture docs/modules.svg. With --check nothing is
 * written or printed; it fails if the picture is not what the code says.
 */
const APPS = ['profile', 'event-manager', 'sharing', 'registry'];
const root = fileURLToPath(new URL('..', import.meta.url));
const PICTURE = `${root}docs/modules.svg`;
const isCheck = process.argv.includes('--check');
const [only] = process.argv.slice(2).filter((argument) => APPS.includes(argument));

const apps: AppModules[] = APPS.map((app) => ({ app, modules: modulesOf(app) }));
if (!isCheck) {
  for (const { app, modules } of apps) if (only === undefined || only === app) console.log(treeOf(app, modules));
}
const picture = (await instance()).renderString(dotOf(apps), { format: 'svg' });
if (!isCheck) {
  mkdirSync(`${root}docs`, { recursive: true });
  writeFileSync(PICTURE, picture);
  console.log('The picture is docs/modules.svg.');
} else if (picture !== readFileSync(PICTURE, 'utf8')) {
  console.error('docs/modules.svg is not current: run "npm run graph".');
  process.exitCode = 1;
} else {
  console.log('docs/modules.svg is current.');
}

function modulesOf(app: string): NestModule[] {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['tools/graph/modules-of.mjs', app], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  });
  if (status !== 0) throw new Error(`the modules of ${app} could not be read:\n${stdout}${stderr}`);
  return JSON.parse(stdout) as NestModule[];
}
