import type { INestApplication } from '@nestjs/common';
import { RequestServers } from './request-servers';

/**
 * Has an application answer requests: between `NestFactory.create` and `app.listen`. Requests are taken from
 * the application's start on, by itself; `startAllMicroservices` is not needed.
 */
export function connectRequests(app: INestApplication): void {
  app.get(RequestServers, { strict: false }).connect(app);
}
