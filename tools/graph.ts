import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { instance } from '@viz-js/viz';
import { dotOf } from './graph/dot-of';
import type { AppModules, NestModule } from './graph/nest-module';
import { treeOf } from './graph/tree-of';

/**
 * Prints the Nest modules of each app, or of the one that is named, and writes the diagram docs/modules.svg. With
 * --check it writes nothing, and fails if the diagram is out of date.
 */
const APPS = ['profile', 'event-manager', 'sharing', 'registry'];
const root = fileURLToPath(new URL('..', import.meta.url));
const DIAGRAM = `${root}docs/modules.svg`;
const isCheck = process.argv.includes('--check');
const [only] = process.argv.slice(2).filter((argument) => APPS.includes(argument));

const apps: AppModules[] = APPS.map((app) => ({ app, modules: modulesOf(app) }));
if (!isCheck) {
  for (const { app, modules } of apps) if (only === undefined || only === app) console.log(treeOf(app, modules));
}
const diagram = (await instance()).renderString(dotOf(apps), { format: 'svg' });
if (!isCheck) {
  mkdirSync(`${root}docs`, { recursive: true });
  writeFileSync(DIAGRAM, diagram);
  console.log('Wrote docs/modules.svg.');
} else if (diagram !== readFileSync(DIAGRAM, 'utf8')) {
  console.error('docs/modules.svg is out of date: run "npm run graph".');
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
  if (status !== 0) throw new Error(`Can’t read the modules of ${app}:\n${stdout}${stderr}`);
  return JSON.parse(stdout) as NestModule[];
}
