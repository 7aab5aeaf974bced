import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as httpRequest, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HttpException } from '@nestjs/common';
import express, { type NextFunction, type Request, type Response } from 'express';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { consolePages } from './console-pages';

describe('consolePages', () => {
  let folder: string;
  let root: string;
  let server: Server;
  let port: number;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dbem-console-'));
    root = join(folder, 'console');
    mkdirSync(join(root, 'assets'), { recursive: true });
    writeFileSync(join(root, 'index.html'), '<!doctype html><title>the console</title>');
    writeFileSync(join(root, 'assets', 'index-1a2b3c.js'), 'run()');
    writeFileSync(join(folder, 'secret.txt'), 'a secret');
    const app = express();
    app.use(consolePages({ root, oidcIssuer: 'https://identity.example.org/realms/dbem' }));
    app.use((error: HttpException, _request: Request, response: Response, _next: NextFunction) => {
      response.status(error.getStatus()).json(error.getResponse());
    });
    server = createServer(app);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as { port: number }).port;
  });

  afterEach(async () => {
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true, force: true });
  });

  /** Sends the path as it is; `fetch` would normalize it. */
  function get(
    path: string,
    method = 'GET',
  ): Promise<{ status: number; headers: Record<string, unknown>; text: string }> {
    return new Promise((resolve, reject) => {
      httpRequest({ host: '127.0.0.1', port, path, method }, (response) => {
        let text = '';
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      })
        .on('error', reject)
        .end();
    });
  }

  it('The console’s page is served at each of its addresses and revalidated on each request', async () => {
    for (const path of ['/console', '/console/', '/console/entities/user.profile/USER_PROFILE/ada']) {
      const { status, text, headers } = await get(path);
      expect(status, path).toBe(200);
      expect(text).toContain('the console');
      expect(headers['cache-control']).toBe('no-cache');
    }
  });

  it('An asset with its content’s hash in its name is cached as immutable', async () => {
    const { status, headers } = await get('/console/assets/index-1a2b3c.js');
    expect(status).toBe(200);
    expect(headers['content-type']).toContain('javascript');
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
  });

  it('The content security policy allows scripts from the console’s origin only and connections to it and the identity provider only', async () => {
    for (const path of ['/console', '/console/assets/index-1a2b3c.js']) {
      const policy = String((await get(path)).headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self';");
      expect(policy).toContain("connect-src 'self' https://identity.example.org;");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe|\*|data:/);
    }
  });

  it('A missing file, and any method except GET and HEAD, is answered with 404', async () => {
    expect((await get('/console/assets/other.js')).status).toBe(404);
    expect((await get('/console/map.png')).status).toBe(404);
    expect((await get('/console', 'POST')).status).toBe(404);
  });

  it('A path that leads out of the console’s folder serves no file', async () => {
    for (const path of [
      '/console/../secret.txt',
      '/console/%2e%2e/secret.txt',
      '/console/..%2fsecret.txt',
      '/console/assets/%2e%2e%2f%2e%2e%2fsecret.txt',
      '/console/..%5csecret.txt',
      '/console/%00/secret.txt',
    ]) {
      const { text } = await get(path);
      expect(text, path).not.toContain('a secret');
    }
  });

  it('A console that was not built is answered with 404 and how to build it', async () => {
    rmSync(root, { recursive: true });
    const { status, text } = await get('/console');
    expect(status).toBe(404);
    expect(JSON.parse(text)).toMatchObject({ code: 'CONSOLE_NOT_BUILT', message: expect.stringContaining('npm run') });
  });
});
