import type { DeepReadonly } from '@dbem/runtime';
import { z } from 'zod';

export const AUDIT_RESULTS = ['begun', 'done', 'refused', 'failed'] as const;

/** `nothing`: the name is only what the message says (IDENTITY=off, or an old service). */
export const AuditedPrincipal = z
  .object({
    name: z.string().meta({ example: 'ada' }),
    role: z.enum(['viewer', 'operator', 'admin']).optional(),
    provedBy: z.enum(['token', 'oidc', 'broker user', 'nothing']),
  })
  .meta({ id: 'AuditedPrincipalDto' });

export type AuditedPrincipal = DeepReadonly<z.infer<typeof AuditedPrincipal>>;

export const AuditFrom = z
  .object({
    address: z.string().optional().describe('Address of who asked. Left out: it asked by a message.'),
    manager: z.string().describe('The event manager that was asked: host and process.'),
  })
  .meta({ id: 'AuditFromDto' });

export type AuditFrom = DeepReadonly<z.infer<typeof AuditFrom>>;

/** One change that somebody made, or was refused. */
export const AuditEntry = z
  .object({
    id: z.uuid(),
    at: z.iso.datetime(),
    who: AuditedPrincipal,
    from: AuditFrom,
    action: z.string().meta({ example: 'PUT /admin/v1/subscriptions/:publisher/:subscriber' }),
    target: z.record(z.string(), z.string()).meta({ example: { publisher: 'user.profile' } }),
    input: z.unknown().optional().describe('What was asked for, without secrets.'),
    result: z
      .enum(AUDIT_RESULTS)
      .describe(
        'begun: it is being done, or the event manager died before it could say what became of it. refused: nothing was done. ' +
          'failed: some of it may have been done.',
      ),
    outcome: z
      .string()
      .meta({ description: 'HTTP status, code of an error, or what became of a subscription.', example: '201' }),
    detail: z.string().optional(),
  })
  .meta({ id: 'AuditEntryDto' });

export type AuditEntry = DeepReadonly<z.infer<typeof AuditEntry>>;

/** What became of a change that was begun. */
export type AuditOutcome = Pick<AuditEntry, 'result' | 'outcome' | 'detail'>;

/** What whoever records an entry says; the trail adds the rest. */
export type AuditRecord = Omit<AuditEntry, 'id' | 'at' | 'from'> & { readonly address?: string | undefined };
