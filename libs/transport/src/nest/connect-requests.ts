import type { INestApplication } from '@nestjs/common';
import { RequestServers } from './request-servers';

/**
 * Lets an application answer requests. To be called between `NestFactory.create` and `app.listen`. Requests are
 * consumed from the application's start; `startAllMicroservices` is not needed.
 */
export function connectRequests(app: INestApplication): void {
  app.get(RequestServers, { strict: false }).connect(app);
}
