import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IdentityProvider } from '../support/access/identity-provider';
import { addToken } from '../support/access/token-file';
import { InProcessApp } from '../support/apps/in-process-app';
import { type RunningApps, startApps } from '../support/apps/running-apps';
import { runTokenCommand } from '../support/cli/run-token-command';
import { request } from '../support/http/http';
import { waitFor } from '../support/waiting/wait-for';

const ADMIN_TOKEN = 'the-one-admin-token-of-this-test';

describe('access to the admin API', () => {
  let apps: RunningApps;
  let provider: IdentityProvider;
  const folder = mkdtempSync(join(tmpdir(), 'dbem-access-'));
  const tokensFile = join(folder, 'tokens.json');
  let tokens: Record<'viewer' | 'operator' | 'admin', string>;

  const urlOf = (path: string) => `${apps.app('event-manager').url}${path}`;
  const call = (method: string, path: string, token?: string, body?: unknown) =>
    request(method, urlOf(path), {
      ...(token !== undefined && { token }),
      ...(body !== undefined && { body }),
    });

  beforeAll(async () => {
    provider = await IdentityProvider.start();
    tokens = {
      viewer: addToken(tokensFile, 'the viewer', 'viewer'),
      operator: addToken(tokensFile, 'the operator', 'operator'),
      admin: addToken(tokensFile, 'the admin', 'admin'),
    };
    apps = await startApps([], {
      ADMIN_TOKEN,
      ADMIN_TOKENS_FILE: tokensFile,
      OIDC_ISSUER: provider.issuer,
      OIDC_AUDIENCE: provider.audience,
      OIDC_JWKS_URL: provider.jwksUrl,
      OIDC_ROLE_CLAIM: 'realm_access.roles',
      OIDC_ROLE_PREFIX: 'dbem-',
    });
  });

  afterAll(async () => {
    await apps?.stop();
    await provider?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('Liveness and readiness need no token; the details of readiness are shown only to a token with a role', async () => {
    expect((await call('GET', '/health/live')).status).toBe(200);
    const { status, body } = await call('GET', '/health/ready');
    expect(status).toBe(200);
    expect(body).toMatchObject({ details: { broker: { status: 'up' } } });
    expect(JSON.stringify(body)).not.toContain('ready');
    const detailed = await call('GET', '/health/ready', tokens.viewer);
    expect(detailed.body).toMatchObject({ details: { subscriptionMap: { state: 'ready' } } });
  });

  it('Every path except the health checks answers 401 without a token, and a missing path 404', async () => {
    for (const path of ['/admin/v1/subscriptions', '/admin/v1/services', '/admin/v1/members', '/api', '/api-json']) {
      const { status, headers, contentType } = await call('GET', path);
      expect(status, path).toBe(401);
      expect(headers.get('www-authenticate'), path).toMatch(/^(Bearer|Basic) /);
      expect(contentType, path).toContain('application/problem+json');
    }
    expect((await call('GET', '/nothing-here')).status).toBe(404);
  });

  it('ADMIN_TOKEN may be used for changes', async () => {
    expect((await call('PUT', '/admin/v1/subscriptions/pub/of.admin', ADMIN_TOKEN, {})).status).toBe(201);
  });

  it('A viewer may read but not change; an operator may do both', async () => {
    expect((await call('GET', '/admin/v1/subscriptions', tokens.viewer)).status).toBe(200);
    for (const method of ['PUT', 'DELETE']) {
      const { status, body } = await call(method, '/admin/v1/subscriptions/pub/sub', tokens.viewer, {});
      expect(status).toBe(403);
      expect(body).toMatchObject({ title: 'Forbidden', detail: expect.stringContaining('operator') });
    }
    expect((await call('PUT', '/admin/v1/subscriptions/pub/sub', tokens.operator, {})).status).toBe(201);
    expect((await call('DELETE', '/admin/v1/subscriptions/pub/sub', tokens.operator)).status).toBe(204);
  });

  it('The OpenAPI page accepts a token as basic-auth password, and no other path does', async () => {
    const basic = (password: string) => ({ headers: { authorization: `Basic ${btoa(`anybody:${password}`)}` } });
    expect((await request('GET', urlOf('/api-json'), basic(tokens.viewer))).status).toBe(200);
    expect((await request('GET', urlOf('/api-json'), basic('wrong'))).status).toBe(401);
    // Other paths must not: a browser would send the password with requests from foreign pages.
    expect((await request('GET', urlOf('/admin/v1/members'), basic(tokens.viewer))).status).toBe(401);
  });

  it('The tokens file contains only hashes, and only its owner can read it', () => {
    const content = readFileSync(tokensFile, 'utf8');
    for (const token of Object.values(tokens)) expect(content).not.toContain(token);
    expect(statSync(tokensFile).mode & 0o077).toBe(0);
  });

  it('The token command rejects a name that is already in use and an unknown role', () => {
    expect(runTokenCommand('--name', 'the viewer', '--role', 'admin', '--file', tokensFile).code).toBe(2);
    const unknownRole = runTokenCommand('--name', 'x', '--role', 'emperor', '--file', tokensFile);
    expect(unknownRole.code).toBe(2);
    expect(unknownRole.err).toContain('is not a role');
  });

  it('A new token is accepted and a revoked one rejected without a restart', async () => {
    const statusWith = async (token: string) => (await call('GET', '/admin/v1/members', token)).status;
    // Runs the command once as an operator does, as a separate process.
    const args = ['--name', 'somebody new', '--role', 'viewer', '--file', tokensFile];
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', 'tools/token.ts', ...args]);
    const fresh = stdout.trim().split('\n').at(-1) as string;
    await waitFor(async () => (await statusWith(fresh)) === 200);
    expect(runTokenCommand('--revoke', 'somebody new', '--file', tokensFile).code).toBe(0);
    await waitFor(async () => (await statusWith(fresh)) === 401);
  });

  describe('with an identity provider', () => {
    const roles = (...names: string[]) => ({ realm_access: { roles: names } });
    const statusOfRead = async (token: string) => (await call('GET', '/admin/v1/members', token)).status;
    const statusOfChange = async (token: string) =>
      (await call('PUT', '/admin/v1/subscriptions/pub/oidc', token, {})).status;

    it('A provider’s token has the highest role in its claim', async () => {
      expect(await statusOfChange(await provider.sign(roles('dbem-viewer', 'offline_access')))).toBe(403);
      expect(await statusOfChange(await provider.sign(roles('dbem-viewer', 'dbem-operator')))).toBe(201);
    });

    it('A provider’s token that is signed with a key added later is accepted', async () => {
      await provider.addKey('second');
      const token = await provider.sign(roles('dbem-operator'), { key: 'second' });
      // The cached key set is not fetched again for an unknown key before a minimum interval.
      await waitFor(async () => (await statusOfChange(token)) === 200);
    });

    it.each([
      ['without a dbem role', () => provider.sign(roles('viewer', 'admin'))],
      ['of another issuer', () => provider.sign({ ...roles('dbem-admin'), iss: 'https://elsewhere.example.org' })],
      ['for another audience', () => provider.sign({ ...roles('dbem-admin'), aud: 'another-app' })],
      ['that has expired', () => provider.sign({ ...roles('dbem-admin'), exp: Math.floor(Date.now() / 1_000) - 120 })],
      ['that never expires', () => provider.sign({ ...roles('dbem-admin'), exp: undefined })],
      ['without a subject', () => provider.sign({ ...roles('dbem-admin'), sub: undefined })],
      ['signed with a foreign key', () => forged('first')],
      ['with the algorithm “none”', () => unsigned()],
    ])('A provider’s token %s is rejected', async (_what, make) => {
      expect(await statusOfRead(await make())).toBe(401);
    });

    async function forged(kid: string): Promise<string> {
      const { privateKey } = await generateKeyPair('ES256');
      return new SignJWT({ ...roles('dbem-admin'), sub: 'eve', iss: provider.issuer, aud: provider.audience })
        .setProtectedHeader({ alg: 'ES256', kid })
        .setExpirationTime('10m')
        .sign(privateKey);
    }

    async function unsigned(): Promise<string> {
      const [, payload] = (await provider.sign(roles('dbem-admin'))).split('.');
      const header = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
      return `${header}.${payload}.AAAA`;
    }
  });

  it('The admin API sends security headers for browsers, and rejects a body that is too large', async () => {
    const { headers } = await call('GET', '/health/live');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(headers.get('x-powered-by')).toBeNull();
    const { status, contentType } = await call('PUT', '/admin/v1/subscriptions/pub/sub', tokens.operator, {
      entityTypes: ['x'.repeat(200_000)],
    });
    expect(status).toBe(413);
    expect(contentType).toContain('application/problem+json');
  });

  describe('without any configured token', () => {
    let manager: InProcessApp;

    beforeAll(async () => {
      manager = await InProcessApp.start('event-manager', {
        AMQP_URL: apps.vhost.amqpUrl,
        ZOOKEEPER_CONNECT: apps.root.connectString,
        ADMIN_RATE_LIMIT: '20',
      });
      await manager.waitUntilReady();
    });

    afterAll(() => manager?.stop());

    const members = (token?: string) =>
      request('GET', `${manager.url}/admin/v1/members`, token === undefined ? {} : { token });

    it('An event manager without a configured token makes an admin token and logs it', async () => {
      const [, token = ''] = /"token":"([^"]+)".*generated an admin token/.exec(manager.log) ?? [];
      expect((await members(token)).status).toBe(200);
    });

    it('A client above the rate limit gets 429 with a Retry-After header, while the health checks still answer', async () => {
      const statuses = await Promise.all(Array.from({ length: 40 }, async () => (await members()).status));
      expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(20);
      const { headers, body } = await members();
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      expect(body).toMatchObject({ status: 429, title: 'Too Many Requests' });
      expect((await request('GET', `${manager.url}/health/ready`)).status).toBe(200);
    });
  });
});
