import { ENTITY_TYPES } from '@dbem/db-event';
import type { DeepReadonly } from '@dbem/runtime';
import { DRY_RUN_OUTCOMES } from '@dbem/transport';
import { z } from 'zod';
import type { DryRunListItem, RedrivePlan } from './parked.service';

export const DryRunResultDto = z
  .object({
    id: z.string(),
    publisher: z.string().optional().describe('Absent, like the next fields, if the message is undecodable.'),
    entityType: z.enum(ENTITY_TYPES).optional(),
    entityId: z.string().optional(),
    version: z.string().optional().describe('A decimal number.'),
    outcome: z
      .enum(DRY_RUN_OUTCOMES)
      .describe(
        'would apply: the handler succeeded. still fails: the handler failed again, or the event is invalid. would wait: the ' +
          'event depends on a change that is not applied yet. stale: the replica has a newer version. duplicate: the replica ' +
          'has this version. superseded: a newer parked event of the entity would be applied. unknown: the dry run failed.',
      ),
    reason: z.string().optional().describe('Why the event would fail or wait, or why the outcome is unknown.'),
  })
  .meta({ id: 'DryRunResultDto' });

export type DryRunResultDto = DeepReadonly<z.infer<typeof DryRunResultDto>>;

export const RedrivenDto = z
  .object({
    redriven: z.number().describe('Events confirmed in the queue that they came from.'),
    failed: z.number().describe('Events that could not be sent back; they stay parked.'),
    failure: z.string().optional().describe('Why the first of them failed.'),
    plan: z
      .record(z.string(), z.int())
      .optional()
      .meta({
        description: 'Dry run only: number of events per outcome.',
        example: { 'would apply': 12, 'still fails': 1 },
      }),
    results: z.array(DryRunResultDto).optional().describe('Dry run only: the result for each event.'),
    hasMore: z
      .boolean()
      .optional()
      .describe('Dry run only: more events match than it included (at most 2,000 events and 32 MiB).'),
  })
  .meta({ id: 'RedrivenDto' });

export type RedrivenDto = DeepReadonly<z.infer<typeof RedrivenDto>>;

export function toRedrivenDto({ items, hasMore }: RedrivePlan): RedrivenDto {
  const plan: Record<string, number> = {};
  for (const { result } of items) plan[result.outcome] = (plan[result.outcome] ?? 0) + 1;
  return { redriven: 0, failed: 0, plan, results: items.map(toDryRunResultDto), hasMore };
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
