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

/** Injection token of the bearer token that opens a service's own HTTP API. */
export const SERVICE_TOKEN = Symbol('SERVICE_TOKEN');

/** Lets through who sends `Authorization: Bearer <service token>`; nobody, if there is no such token. */
@Injectable()
export class ServiceTokenGuard implements CanActivate {
  constructor(@Optional() @Inject(SERVICE_TOKEN) private readonly token: string | undefined) {}

  canActivate(context: ExecutionContext): boolean {
    if (this.token === undefined) throw new ForbiddenException('This is closed: SERVICE_TOKEN is not set.');
    const http = context.switchToHttp();
    if (bearsToken(http.getRequest<Request>(), this.token)) return true;
    http.getResponse<Response>().setHeader('WWW-Authenticate', 'Bearer realm="service"');
    throw new UnauthorizedException('This needs the service’s token: send "Authorization: Bearer <token>".');
  }
}
