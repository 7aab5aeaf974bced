import type { DeepReadonly } from '@dbem/runtime';
import { z } from 'zod';
import { ForgedMessage } from './forged-messages';

export const IdentityReport = z
  .object({
    isEnforced: z.boolean().describe('Whether a message must come from the broker user of the service that it names.'),
    forged: z
      .number()
      .describe('Messages that this manager rejected since it started because they came from another user.'),
    forgedMessages: z.array(ForgedMessage).describe('By kind, the most recent last; at most 1,000 kinds.'),
  })
  .meta({ id: 'IdentityDto' });

export type IdentityReport = DeepReadonly<z.infer<typeof IdentityReport>>;
