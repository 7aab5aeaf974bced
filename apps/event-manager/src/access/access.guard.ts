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
 * Authenticates and authorizes every request. Only routes marked `@Open()` need no credential; a controller without
 * any decorator is closed.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
    private readonly observer: RefusalObserver,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const targets = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(OPEN, targets)) return true;
    const http = context.switchToHttp();
    const request = http.getRequest<Request>();
    const credential = bearerOf(request);
    const principal = credential === undefined ? undefined : await this.authenticator.authenticate(credential);
    if (principal === undefined) {
      http.getResponse<Response>().setHeader('WWW-Authenticate', 'Bearer realm="event-manager"');
      throw new UnauthorizedException('A valid credential is required: send "Authorization: Bearer <token>".');
    }
    request.principal = principal;
    const declaredRole = this.reflector.getAllAndOverride<Role | undefined>(REQUIRED_ROLE, targets);
    const readOnly = isReadOnly(context, this.reflector);
    const requiredRole = declaredRole ?? (readOnly ? 'viewer' : 'operator');
    if (!mayActAs(principal.role, requiredRole)) {
      const refusal = new ForbiddenException(
        `This request requires the role ${requiredRole}; "${principal.name}" has the role ${principal.role}.`,
      );
      if (!readOnly) await this.observer.refused(request, refusal);
      throw refusal;
    }
    return true;
  }
}
