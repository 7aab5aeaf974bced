import { z } from 'zod';
import { ROLES } from './role';

/** Content of `ADMIN_TOKENS_FILE`. */
export const tokenFileSchema = z.strictObject({
  tokens: z.array(
    z.strictObject({
      name: z.string().min(1).max(100),
      role: z.enum(ROLES),
      sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be a hash in hexadecimal, as written by `npm run token`'),
      /** Informational. */
      createdAt: z.string().optional(),
    }),
  ),
});
