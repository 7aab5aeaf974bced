import { OPEN } from '@dbem/http';
import {
  type CanActivate,
  type ExecutionContext,
  ForbiddenException,
  Injectable,
  UnauthorizedException,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { Authenticator } from './authenticator.port';
import { bearerOf } from './bearer';
import { isReadOnly } from './is-read-only';
import { RefusalObserver } from './refusal-observer.port';
import { REQUIRED_ROLE } from './requires.decorator';
import { mayActAs, type Role } from './role';

/**
 * Stands before every route of the manager. Only what is marked `@Open()` is let through without a credential: a controller
 * that says nothing is closed.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
    private readonly observer: RefusalObserver,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const places = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(OPEN, places)) return true;
    const http = context.switchToHttp();
    const request = http.getRequest<Request>();
    const credential = bearerOf(request);
    const principal = credential === undefined ? undefined : await this.authenticator.authenticate(credential);
    if (principal === undefined) {
      http.getResponse<Response>().setHeader('WWW-Authenticate', 'Bearer realm="event-manager"');
      throw new UnauthorizedException('This needs a credential: send "Authorization: Bearer <token>".');
    }
    request.principal = principal;
    const said = this.reflector.getAllAndOverride<Role | undefined>(REQUIRED_ROLE, places);
    const isAsking = isReadOnly(context, this.reflector);
    const needed = said ?? (isAsking ? 'viewer' : 'operator');
    if (!mayActAs(principal.role, needed)) {
      const refusal = new ForbiddenException(
        `This needs the role ${needed}; "${principal.name}" is ${principal.role}.`,
      );
      if (!isAsking) await this.observer.refused(request, refusal);
      throw refusal;
    }
    return true;
  }
}
