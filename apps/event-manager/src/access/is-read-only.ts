import type { ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { CHANGES_NOTHING } from './changes-nothing.decorator';
import { isReading } from './is-reading';

/** What is asked for changes nothing: by its method, or by what its handler says. */
export function isReadOnly(context: ExecutionContext, reflector: Reflector): boolean {
  const request = context.switchToHttp().getRequest<Request>();
  return isReading(request) || reflector.get<boolean | undefined>(CHANGES_NOTHING, context.getHandler()) === true;
}
