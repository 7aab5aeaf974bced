import type { DeepReadonly } from '@dbem/runtime';
import { z } from 'zod';
import { ROLES } from './role';

/** An authenticated caller of the admin API. */
export const Principal = z
  .object({
    name: z.string().describe('The token’s name, or the subject at the identity provider.'),
    role: z.enum(ROLES),
    provedBy: z.enum(['token', 'oidc']),
  })
  .meta({ id: 'MeDto' });

export type Principal = DeepReadonly<z.infer<typeof Principal>>;

declare module 'express' {
  interface Request {
    /** Set by the access guard; undefined on open routes. */
    principal?: Principal;
  }
}
