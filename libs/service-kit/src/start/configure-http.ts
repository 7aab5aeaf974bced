import { type DescribedApp, describeApp } from '@dbem/http';
import { type INestApplication, ValidationPipe } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { SwaggerModule } from '@nestjs/swagger';
import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';

export interface HttpOptions {
  /** Maximum size of a request's body, bytes. Default: 100 KiB. */
  readonly maxBodyBytes?: number;
  /** Proxies whose `X-Forwarded-For` is trusted: comma-separated addresses or networks. Default: none. */
  readonly trustedProxies?: string | undefined;
  /** Whether the app is stopping, so that each connection is closed after its next response. */
  readonly isStopping: () => boolean;
  /** Makes the middleware that guards the OpenAPI page. Default: the page needs no credentials. */
  readonly guardDocument?: (
    app: INestApplication,
  ) => (request: Request, response: Response, next: NextFunction) => void;
}

const DEFAULT_MAX_BODY_BYTES = 100 * 1024;
const DOCUMENT_PATHS = ['/api', '/api-json', '/api-yaml'];

/**
 * HTTP settings of every app: validated input, limited body size, security headers, and an OpenAPI page at /api (as
 * JSON at /api-json).
 */
export function configureHttp(app: NestExpressApplication, options: DescribedApp & HttpOptions): void {
  app.use((_request: Request, response: Response, next: NextFunction) => {
    // Node closes idle connections only: a client that keeps sending would keep the app from stopping.
    if (options.isStopping()) response.setHeader('Connection', 'close');
    next();
  });
  app.set('trust proxy', options.trustedProxies?.split(',').map((proxy) => proxy.trim()) ?? false);
  // No upgrade-insecure-requests: the app does not know whether a proxy in front of it provides TLS.
  app.use(helmet({ contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } } }));
  const limit = options.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES;
  app.useBodyParser('json', { limit });
  app.useBodyParser('urlencoded', { limit, extended: false });
  app.useGlobalPipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true }));
  if (options.guardDocument !== undefined) app.use(DOCUMENT_PATHS, options.guardDocument(app));
  SwaggerModule.setup('api', app, () => describeApp(app, options));
}
