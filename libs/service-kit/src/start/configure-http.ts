import { type DescribedApp, describeApp } from '@dbem/http';
import { type INestApplication, ValidationPipe } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { SwaggerModule } from '@nestjs/swagger';
import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';

export interface HttpOptions {
  /** Most bytes of a request's body. Default: 100 KiB. */
  readonly maxBodyBytes?: number;
  /** Proxies whose `X-Forwarded-For` is believed: addresses or networks, joined by commas. Default: none. */
  readonly trustedProxies?: string | undefined;
  /** Stands before the OpenAPI page; made of the application. Default: the page is open. */
  readonly guardDocument?: (
    app: INestApplication,
  ) => (request: Request, response: Response, next: NextFunction) => void;
}

const DEFAULT_MAX_BODY_BYTES = 100 * 1024;
const DOCUMENT_PATHS = ['/api', '/api-json', '/api-yaml'];

/**
 * What every app's HTTP face has: validated input, bounded bodies, headers that tell browsers to be careful, and an OpenAPI
 * page at /api (as JSON at /api-json).
 */
export function configureHttp(app: NestExpressApplication, options: DescribedApp & HttpOptions): void {
  app.set('trust proxy', options.trustedProxies?.split(',').map((proxy) => proxy.trim()) ?? false);
  // Plain HTTP is left to plain HTTP: whether there is TLS in front is not ours to say, so no upgrade is demanded.
  app.use(helmet({ contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } } }));
  const limit = options.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES;
  app.useBodyParser('json', { limit });
  app.useBodyParser('urlencoded', { limit, extended: false });
  app.useGlobalPipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true }));
  if (options.guardDocument !== undefined) app.use(DOCUMENT_PATHS, options.guardDocument(app));
  SwaggerModule.setup('api', app, () => describeApp(app, options));
}
