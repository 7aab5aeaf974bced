import { ENTITY_TYPES } from '@dbem/db-event';
import { classSchema } from '@dbem/http';
import type { Schedule } from '@dbem/reconcile';
import type { DeepReadonly } from '@dbem/runtime';
import { z } from 'zod';
import { RUN_KINDS, RunOptionsDto } from './reconcile.dto';

export const ScheduleDto = z
  .object({
    publisher: z.string(),
    subscriber: z.string(),
    entityType: z.enum(ENTITY_TYPES),
    kind: z.enum(RUN_KINDS),
    intervalSeconds: z.number(),
    options: classSchema(RunOptionsDto),
    lastStartedAt: z.iso.datetime().optional().describe('Absent: it has not started yet.'),
  })
  .meta({ id: 'ScheduleDto' });

export type ScheduleDto = DeepReadonly<z.infer<typeof ScheduleDto>>;

export const ScheduleListDto = z.object({ items: z.array(ScheduleDto) }).meta({ id: 'ScheduleListDto' });

export type ScheduleListDto = DeepReadonly<z.infer<typeof ScheduleListDto>>;

export function toScheduleDto({
  publisher,
  subscriber,
  entityType,
  kind,
  intervalMs,
  options,
  lastStartedAtMs,
}: Schedule): ScheduleDto {
  return {
    publisher,
    subscriber,
    entityType,
    kind,
    intervalSeconds: intervalMs / 1_000,
    options: options ?? {},
    ...(lastStartedAtMs !== null && { lastStartedAt: new Date(lastStartedAtMs).toISOString() }),
  };
}
