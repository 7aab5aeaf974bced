import type { DeepReadonly } from '@dbem/runtime';
import { z } from 'zod';
import { Forgery } from './forgeries';

export const IdentityReport = z
  .object({
    isEnforced: z.boolean().describe('Messages must come from the broker user of the service that they name.'),
    forged: z.number().describe('Messages that this manager refused since its start because they were not.'),
    forgeries: z.array(Forgery).describe('By kind, the latest last; 1,000 kinds at most.'),
  })
  .meta({ id: 'IdentityDto' });

export type IdentityReport = DeepReadonly<z.infer<typeof IdentityReport>>;
