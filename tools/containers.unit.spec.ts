import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { z } from 'zod';
import { eventManagerConfigSchema } from '../apps/event-manager/src/event-manager.config';
import { profileConfigSchema } from '../apps/profile/src/profile.config';
import { registryConfigSchema } from '../apps/registry/src/registry.config';
import { sharingConfigSchema } from '../apps/sharing/src/sharing.config';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string) => readFileSync(`${root}${path}`, 'utf8');

interface ComposeService {
  image?: string;
  environment?: Record<string, string>;
  ports?: string[];
  build?: { args: { APP: string }; dockerfile: string };
  depends_on?: Record<string, unknown>;
  volumes?: string[];
  command?: string[];
  healthcheck?: unknown;
}

const compose = parse(read('docker/compose.yaml'), { merge: true }) as { services: Record<string, ComposeService> };
const dockerfile = read('docker/Dockerfile');
const example = parseEnvironment(read('.env.example'));

const SCHEMAS: Record<string, z.ZodObject> = {
  'event-manager': eventManagerConfigSchema,
  profile: profileConfigSchema,
  sharing: sharingConfigSchema,
  registry: registryConfigSchema,
};

/** Set by the Dockerfile for all apps. */
const SET_BY_THE_IMAGE = ['SERVICE_HOST'];

/** Containers that set up the system and exit. */
const SETUP_CONTAINERS = ['secrets', 'provision'];

/** The name of the volume that is mounted at a path. */
function folderOf(volumes: readonly string[] = [], path: string): string {
  const [name = ''] = volumes.find((volume) => volume.split(':')[1] === path)?.split(':') ?? [];
  return name;
}

/** The names of the volumes that a container can write to. */
function volumesOf(name: string): Set<string> {
  const volumes = compose.services[name]?.volumes ?? [];
  return new Set(volumes.filter((volume) => !volume.endsWith(':ro')).map((volume) => volume.split(':')[0] ?? ''));
}

function parseEnvironment(text: string): Map<string, string> {
  const lines = text.split('\n').filter((line) => /^[A-Z]/.test(line));
  return new Map(lines.map((line) => [line.split('=', 1)[0] as string, line.slice(line.indexOf('=') + 1)]));
}

describe('container files', () => {
  describe.each(Object.entries(SCHEMAS))('for %s', (app, schema) => {
    const service = compose.services[app] as ComposeService;
    const environment = service.environment ?? {};

    it(`The container of ${app} sets only variables that the app reads`, () => {
      const names = Object.keys(environment).map((name) => name.replace(/_FILE$/, ''));
      expect(Object.keys(schema.shape)).toEqual(expect.arrayContaining(names));
    });

    it(`The container of ${app} gives the app a valid configuration, with secrets from files that are written`, () => {
      const folder = folderOf(service.volumes, '/run/dbem');
      const contents: Record<string, string> = {
        'amqp-url': 'amqp://user:password@rabbitmq:5672',
        'database-url': 'postgres://user:password@database/name',
        'service-token': 't'.repeat(32),
        'admin-token': 't'.repeat(32),
        'zookeeper-auth': 'event-manager:password',
      };
      const given = Object.entries(environment).map(([name, value]) => {
        if (!name.endsWith('_FILE')) return [name, value];
        const file = value.replace('/run/dbem/', '');
        const writers = (['secrets', 'provision'] as const).filter((setUp) => volumesOf(setUp).has(folder));
        expect(writers.length, `no container writes ${value}`).toBeGreaterThan(0);
        return [name.replace(/_FILE$/, ''), contents[file]];
      });
      expect(schema.safeParse(Object.fromEntries(given)).error).toBeUndefined();
      expect(service.depends_on).toHaveProperty('provision');
    });

    it(`The secrets of ${app} are mounted in no other app’s container`, () => {
      const folder = folderOf(service.volumes, '/run/dbem');
      const others = Object.entries(compose.services).filter(([, { volumes = [] }]) =>
        volumes.some((volume) => volume.startsWith(`${folder}:`)),
      );
      expect(others.map(([name]) => name).sort()).toEqual([app, 'provision', 'secrets'].sort());
    });

    it(`The container of ${app} publishes the port that the app listens on by default`, () => {
      const port = String((schema.parse({ DATABASE_URL: 'postgres://x/y' }) as { SERVICE_PORT: number }).SERVICE_PORT);
      expect(environment.SERVICE_PORT).toBe(port);
      expect(service.ports).toEqual([`127.0.0.1:${port}:${port}`]);
    });

    it(`The container of ${app} starts the build’s output`, () => {
      expect(service.build?.args.APP).toBe(app);
      const { compilerOptions } = JSON.parse(read(`apps/${app}/tsconfig.app.json`));
      expect(compilerOptions.outDir).toBe(`../../dist/apps/${app}`);
      expect(existsSync(`${root}apps/${app}/src/main.ts`)).toBe(true);
      expect(dockerfile).toMatch(/node dist\/apps\/\$\{APP\}\/main\.js/);
    });
  });

  it('.env.example lists every variable of every app with its default, and no others', () => {
    const names = new Set(Object.values(SCHEMAS).flatMap((schema) => Object.keys(schema.shape)));
    expect([...example.keys()].sort()).toEqual([...names].sort());
    for (const [name, shown] of example) {
      for (const schema of Object.values(SCHEMAS)) {
        const field = schema.shape[name] as z.ZodType | undefined;
        if (field === undefined || name === 'SERVICE_PORT') continue;
        const { success, data } = field.safeParse(undefined);
        expect(`${name}=${success ? (data ?? '') : ''}`).toBe(`${name}=${shown}`);
      }
    }
  });

  it('Every variable of an app has a description', () => {
    for (const schema of Object.values(SCHEMAS)) {
      for (const [name, field] of Object.entries(schema.shape)) {
        expect((field as z.ZodType).description ?? '', name).not.toBe('');
      }
    }
  });

  it('The image uses a Node version that the project supports', () => {
    const { engines } = JSON.parse(read('package.json'));
    expect(engines.node).toBe('>=20.19');
    expect(new Set(dockerfile.match(/FROM node:(\d+)/g))).toEqual(new Set(['FROM node:20']));
    for (const name of SET_BY_THE_IMAGE) expect(dockerfile).toContain(`${name}=`);
  });

  it('The image includes only existing files, and all that the build needs', () => {
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap((match) =>
      (match[1] ?? '').split(' '),
    );
    for (const path of copied) expect(existsSync(`${root}${path}`), path).toBe(true);
    expect(copied).toEqual(expect.arrayContaining(['libs', 'apps', 'tools', 'package-lock.json', 'tsconfig.json']));
  });

  it('Every container that keeps running has a health check', () => {
    for (const [name, service] of Object.entries(compose.services)) {
      if (!SETUP_CONTAINERS.includes(name)) expect(service.healthcheck, name).toBeDefined();
    }
  });

  it('The container files contain no password and no guest user, and enforce identities', () => {
    for (const text of [read('docker/compose.yaml'), dockerfile]) {
      expect(text).not.toMatch(/guest|:\/\/[^\s/]+:[^\s/]+@|PASSWORD:/);
    }
    expect(compose.services['event-manager']?.environment?.IDENTITY).toBe('enforced');
  });

  it('The servers for tests use the same images as the system', () => {
    const servers = parse(read('docker/servers.yaml')) as typeof compose;
    for (const [name, { image }] of Object.entries(servers.services)) expect(compose.services[name]?.image).toBe(image);
  });
});
