import type { DeepReadonly } from '@dbem/runtime';
import { z } from 'zod';

export const AUDIT_RESULTS = ['started', 'done', 'refused', 'failed'] as const;

/** `provedBy: 'nothing'`: the name is an unverified claim of the message (IDENTITY=off, or a legacy service). */
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
    address: z.string().optional().describe('Address of the HTTP client. Absent: the request came as a message.'),
    manager: z.string().describe('The event manager that handled the request: host and process id.'),
  })
  .meta({ id: 'AuditFromDto' });

export type AuditFrom = DeepReadonly<z.infer<typeof AuditFrom>>;

/** A change that was made, attempted or refused. */
export const AuditEntry = z
  .object({
    id: z.uuid(),
    at: z.iso.datetime(),
    who: AuditedPrincipal,
    from: AuditFrom,
    action: z.string().meta({ example: 'PUT /admin/v1/subscriptions/:publisher/:subscriber' }),
    target: z.record(z.string(), z.string()).meta({ example: { publisher: 'user.profile' } }),
    input: z.unknown().optional().describe('The request body, without secrets.'),
    result: z
      .enum(AUDIT_RESULTS)
      .describe(
        'started: in progress, or the event manager died before it could record the outcome. refused: nothing was changed. ' +
          'failed: some of it may have been changed.',
      ),
    outcome: z
      .string()
      .meta({ description: 'HTTP status, error code, or result of a subscription request.', example: '201' }),
    detail: z.string().optional(),
  })
  .meta({ id: 'AuditEntryDto' });

export type AuditEntry = DeepReadonly<z.infer<typeof AuditEntry>>;

/** The outcome of a change that was started. */
export type AuditOutcome = Pick<AuditEntry, 'result' | 'outcome' | 'detail'>;

/** An entry as its author passes it; the trail adds the rest. */
export type AuditRecord = Omit<AuditEntry, 'id' | 'at' | 'from'> & { readonly address?: string | undefined };
