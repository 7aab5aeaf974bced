import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth, ApiForbiddenResponse, ApiUnauthorizedResponse } from '@nestjs/swagger';
import type { Role } from './role';

export const REQUIRED_ROLE = 'dbem:required-role';

/**
 * The least role that a controller, or one of its handlers, asks for. Without it a GET asks for a viewer and everything else
 * for an operator: a route that says nothing is closed.
 */
export function Requires(role: Role) {
  return applyDecorators(
    SetMetadata(REQUIRED_ROLE, role),
    ApiBearerAuth(),
    ApiUnauthorizedResponse({ description: 'No valid credential.' }),
    ApiForbiddenResponse({ description: `Needs the role ${role}.` }),
  );
}
