import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { NotFoundException } from '@nestjs/common';
import express, { type Request, type RequestHandler, type Response, Router } from 'express';

export interface ConsolePagesOptions {
  /** Where the built console is. */
  readonly root: string;
  /** Of the identity provider, which the pages may talk to as well; undefined: there is none. */
  readonly oidcIssuer?: string | undefined;
}

const PATH = '/console';
const A_YEAR_MS = 365 * 24 * 3_600_000;

/**
 * Serves the built console below /console. What is not a file and looks like none is one of the console's own addresses, and gets
 * its one page. The pages hold no data: what they show they ask of the admin API, with the reader's credential.
 */
export function consolePages({ root, oidcIssuer }: ConsolePagesOptions): RequestHandler {
  const headers = headersFor(oidcIssuer);
  const files = express.static(root, {
    index: false,
    redirect: false,
    setHeaders: (response, path) => {
      // The build puts a hash of the content into the name of each of these.
      const isHashed = path.startsWith(join(root, 'assets'));
      response.set('Cache-Control', isHashed ? `public, max-age=${A_YEAR_MS / 1_000}, immutable` : 'no-cache');
    },
  });
  const page = (request: Request, response: Response) => {
    if (!isReading(request) || /\.\w+$/.test(request.path)) {
      throw new NotFoundException(`There is no ${request.method} ${request.originalUrl}.`);
    }
    if (!existsSync(join(root, 'index.html'))) {
      throw new NotFoundException({
        message: 'The console has not been built here: run "npm run build", and start the event manager again.',
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

function isReading({ method }: Request): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** Scripts and styles come from here and are files; nothing is fetched from, framed by or sent to anybody else. */
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
