import { ClassifiedChange } from '@dbem/contract';
import type { DeepReadonly } from '@dbem/runtime';
import { z } from 'zod';

export const ContractCheckResult = z
  .object({
    against: z.number().describe('The registered version that the schema was compared with.'),
    isCompatible: z.boolean(),
    changes: z.array(ClassifiedChange),
    subscribers: z
      .array(z.string())
      .describe('Services that currently subscribe to this entity type of the publisher.'),
  })
  .meta({ id: 'ContractCheckResultDto' });

export type ContractCheckResult = DeepReadonly<z.infer<typeof ContractCheckResult>>;
