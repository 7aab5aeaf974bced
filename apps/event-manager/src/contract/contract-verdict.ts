import { JudgedChange } from '@dbem/contract';
import type { DeepReadonly } from '@dbem/runtime';
import { z } from 'zod';

export const ContractVerdict = z
  .object({
    against: z.number().describe('The registered version that it was compared with.'),
    isCompatible: z.boolean(),
    changes: z.array(JudgedChange),
    subscribers: z.array(z.string()).describe('Who is subscribed to such entities of the publisher now.'),
  })
  .meta({ id: 'ContractVerdictDto' });

export type ContractVerdict = DeepReadonly<z.infer<typeof ContractVerdict>>;
