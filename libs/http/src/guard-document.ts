import type { NextFunction, Request, Response } from 'express';
import { bearsToken } from './bearer-token';

/** Middleware for the OpenAPI page, which is not a Nest route: if there is a token, the page requires it. */
export function tokenDocumentGuard(token: string | undefined) {
  return () =>
    (request: Request, response: Response, next: NextFunction): void => {
      if (token === undefined || bearsToken(request, token)) {
        next();
        return;
      }
      response
        .status(401)
        .setHeader('WWW-Authenticate', 'Bearer realm="service"')
        .type('application/problem+json')
        .send(
          JSON.stringify({ type: 'about:blank', title: 'Unauthorized', status: 401, instance: request.originalUrl }),
        );
    };
}
