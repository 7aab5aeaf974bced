import { z } from 'zod';
import { ROLES } from './role';

/** What is in the file of `ADMIN_TOKENS_FILE`. */
export const tokenFileSchema = z.strictObject({
  tokens: z.array(
    z.strictObject({
      name: z.string().min(1).max(100),
      role: z.enum(ROLES),
      sha256: z.string().regex(/^[0-9a-f]{64}$/, 'the hash in hexadecimal, as `npm run token` writes it'),
      /** For people only. */
      createdAt: z.string().optional(),
    }),
  ),
});
