import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { NotFoundException } from '@nestjs/common';
import express, { type Request, type RequestHandler, type Response, Router } from 'express';

export interface ConsolePagesOptions {
  /** Folder of the built console. */
  readonly root: string;
  /** Issuer URL of the identity provider, to whose origin the pages may connect; undefined if there is none. */
  readonly oidcIssuer?: string | undefined;
}

const PATH = '/console';
const YEAR_MS = 365 * 24 * 3_600_000;

/**
 * Serves the built console below /console. A path without a file extension is a route of the single-page application
 * and gets index.html. The files contain no data: the console reads it from the admin API with the user's credential.
 */
export function consolePages({ root, oidcIssuer }: ConsolePagesOptions): RequestHandler {
  const headers = headersFor(oidcIssuer);
  const files = express.static(root, {
    index: false,
    redirect: false,
    setHeaders: (response, path) => {
      // The build adds a content hash to each name in this folder.
      const isHashed = path.startsWith(join(root, 'assets'));
      response.set('Cache-Control', isHashed ? `public, max-age=${YEAR_MS / 1_000}, immutable` : 'no-cache');
    },
  });
  const page = (request: Request, response: Response) => {
    if (!isRead(request) || /\.\w+$/.test(request.path)) {
      throw new NotFoundException(`Cannot ${request.method} ${request.originalUrl}.`);
    }
    if (!existsSync(join(root, 'index.html'))) {
      throw new NotFoundException({
        message: 'The console has not been built: run "npm run build" and restart the event manager.',
        code: 'CONSOLE_NOT_BUILT',
      });
    }
    response.set('Cache-Control', 'no-cache').sendFile('index.html', { root });
  };
  const router = Router();
  router.use(PATH, (_request, response, next) => {
    response.set(headers);
    next();
  });
  return router.use(PATH, files).use(PATH, page);
}

function isRead({ method }: Request): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** No inline scripts or styles, no other origins (except the identity provider), no framing. */
function headersFor(oidcIssuer: string | undefined): Record<string, string> {
  const connect = ["'self'", ...(oidcIssuer === undefined ? [] : [new URL(oidcIssuer).origin])].join(' ');
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "manifest-src 'self'",
    `connect-src ${connect}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return {
    'Content-Security-Policy': policy,
    'X-Frame-Options': 'DENY',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  };
}
