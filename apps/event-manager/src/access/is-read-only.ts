import type { ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { hasSafeMethod } from './has-safe-method';
import { READ_ONLY } from './read-only.decorator';

/** The request changes nothing: its HTTP method is safe, or its handler is marked `@ReadOnly()`. */
export function isReadOnly(context: ExecutionContext, reflector: Reflector): boolean {
  const request = context.switchToHttp().getRequest<Request>();
  return hasSafeMethod(request) || reflector.get<boolean | undefined>(READ_ONLY, context.getHandler()) === true;
}
