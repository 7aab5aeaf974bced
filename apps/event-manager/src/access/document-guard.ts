import type { INestApplication } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { Authenticator } from './authenticator.port';
import { bearerOf } from './bearer';

/**
 * Guards the OpenAPI page, which is not a Nest route. A browser can't send a bearer token when a user opens a page,
 * so this also accepts HTTP Basic: any user name, the token as password.
 */
export function documentGuard(app: INestApplication) {
  const authenticator = app.get(Authenticator);
  return (request: Request, response: Response, next: NextFunction): void => {
    const credential = bearerOf(request) ?? basicPasswordOf(request);
    const principal = credential === undefined ? Promise.resolve(undefined) : authenticator.authenticate(credential);
    principal.then((known) => (known === undefined ? challenge(response) : next()), next);
  };
}

function challenge(response: Response): void {
  response
    .status(401)
    .setHeader('WWW-Authenticate', 'Basic realm="event-manager: any user name, a token as password", charset="UTF-8"')
    .type('application/problem+json')
    .send(
      JSON.stringify({ type: 'about:blank', title: 'Unauthorized', status: 401, instance: response.req.originalUrl }),
    );
}

function basicPasswordOf({ headers }: Request): string | undefined {
  const encoded = /^Basic +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [, password] = /^[^:]*:(.+)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
  return password;
}
