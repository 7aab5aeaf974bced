import type { DeepReadonly } from '@dbem/runtime';
import type { Member } from '@dbem/subscription-registry';
import { z } from 'zod';

export const MemberDto = z
  .object({
    id: z.string(),
    appliedRevision: z.string().meta({
      description: 'The newest revision of the map that it routes by; a decimal number.',
      example: '4294967330',
    }),
    startedAt: z.iso.datetime(),
    host: z.string(),
    pid: z.number(),
  })
  .meta({ id: 'MemberDto' });

export type MemberDto = DeepReadonly<z.infer<typeof MemberDto>>;

export function toMemberDto({ id, appliedRevision, startedAtMs, host, pid }: Member): MemberDto {
  return { id, appliedRevision: String(appliedRevision), startedAt: new Date(startedAtMs).toISOString(), host, pid };
}
