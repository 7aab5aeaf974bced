import {
  type CanActivate,
  type ExecutionContext,
  ForbiddenException,
  Inject,
  Injectable,
  Optional,
  UnauthorizedException,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import { bearsToken } from './bearer-token';

/** Injection token of the bearer token for a service's own HTTP API. */
export const SERVICE_TOKEN = Symbol('SERVICE_TOKEN');

/** Requires `Authorization: Bearer <service token>`. Without a configured token it rejects every request. */
@Injectable()
export class ServiceTokenGuard implements CanActivate {
  constructor(@Optional() @Inject(SERVICE_TOKEN) private readonly token: string | undefined) {}

  canActivate(context: ExecutionContext): boolean {
    if (this.token === undefined) throw new ForbiddenException('This route is closed: SERVICE_TOKEN is not set.');
    const http = context.switchToHttp();
    if (bearsToken(http.getRequest<Request>(), this.token)) return true;
    http.getResponse<Response>().setHeader('WWW-Authenticate', 'Bearer realm="service"');
    throw new UnauthorizedException('The service token is missing or wrong: send "Authorization: Bearer <token>".');
  }
}
