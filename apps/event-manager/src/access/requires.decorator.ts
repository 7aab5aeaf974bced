import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth, ApiForbiddenResponse, ApiUnauthorizedResponse } from '@nestjs/swagger';
import type { Role } from './role';

export const REQUIRED_ROLE = 'dbem:required-role';

/**
 * The minimum role for a controller or a handler. Without it, read-only requests require viewer and all others
 * operator, so an undecorated route is closed.
 */
export function Requires(role: Role) {
  return applyDecorators(
    SetMetadata(REQUIRED_ROLE, role),
    ApiBearerAuth(),
    ApiUnauthorizedResponse({ description: 'No valid credential.' }),
    ApiForbiddenResponse({ description: `Requires the role ${role}.` }),
  );
}
