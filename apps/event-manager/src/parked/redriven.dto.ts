import { ENTITY_TYPES } from '@dbem/db-event';
import type { DeepReadonly } from '@dbem/runtime';
import { DRY_RUN_OUTCOMES } from '@dbem/transport';
import { z } from 'zod';
import type { DryRunListItem, RedrivePlan } from './parked.service';

export const DryRunResultDto = z
  .object({
    id: z.string(),
    publisher: z.string().optional().describe('Left out, as what follows: the message can’t be read.'),
    entityType: z.enum(ENTITY_TYPES).optional(),
    entityId: z.string().optional(),
    version: z.string().optional().describe('A decimal number.'),
    outcome: z
      .enum(DRY_RUN_OUTCOMES)
      .describe(
        'would apply: its handler has been tried and took it. still fails: its handler has been tried and failed again, or it ' +
          'can’t be used at all. would wait: what it depends on is not there. stale: the replica holds a newer state; duplicate: ' +
          'this very state. superseded: a newer parked event of its entity would be applied. unknown: it could not be tried.',
      ),
    reason: z.string().optional().describe('Why it fails, waits, or is not known.'),
  })
  .meta({ id: 'DryRunResultDto' });

export type DryRunResultDto = DeepReadonly<z.infer<typeof DryRunResultDto>>;

export const RedrivenDto = z
  .object({
    redriven: z.number().describe('Confirmed in the queue that they had come from.'),
    failed: z.number().describe('Could not be sent back; they stay parked.'),
    failure: z.string().optional().describe('Why the first of them could not.'),
    plan: z
      .record(z.string(), z.int())
      .optional()
      .meta({
        description: 'Of a dry run: how many events there are of each outcome.',
        example: { 'would apply': 12, 'still fails': 1 },
      }),
    forecasts: z.array(DryRunResultDto).optional().describe('Of a dry run: what would become of each.'),
    hasMore: z.boolean().optional().describe('Of a dry run: more match than it has looked at (2,000, or 32 MiB).'),
  })
  .meta({ id: 'RedrivenDto' });

export type RedrivenDto = DeepReadonly<z.infer<typeof RedrivenDto>>;

export function toRedrivenDto({ items, hasMore }: RedrivePlan): RedrivenDto {
  const plan: Record<string, number> = {};
  for (const { result } of items) plan[result.outcome] = (plan[result.outcome] ?? 0) + 1;
  return { redriven: 0, failed: 0, plan, forecasts: items.map(toDryRunResultDto), hasMore };
}

function toDryRunResultDto({ event, content, result }: DryRunListItem): DryRunResultDto {
  const { publisher, entityType, entityId, version } = content;
  return {
    id: event.id,
    ...(publisher !== undefined && { publisher }),
    ...(entityType !== undefined && { entityType }),
    ...(entityId !== undefined && { entityId }),
    ...(version !== undefined && { version: String(version) }),
    ...result,
  };
}
