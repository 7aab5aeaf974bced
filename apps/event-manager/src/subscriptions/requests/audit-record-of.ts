import type { SubscriptionRequest } from '@dbem/entity-codec';
import { type Delivery, PARKING_HEADERS } from '@dbem/transport';
import type { AuditRecord } from '../../audit/audit-entry';

/** Trusts the user in the parking header: the intake sets it, and has verified it if identity is enforced. */
export function auditRecordOf(
  { action, publisher, subscriber, entityTypes }: SubscriptionRequest,
  { headers }: Delivery,
  outcome: string,
): AuditRecord {
  const userId = headers[PARKING_HEADERS.userId];
  const hasUser = typeof userId === 'string';
  return {
    who: { name: hasUser ? userId : subscriber, provedBy: hasUser ? 'broker user' : 'nothing' },
    action,
    target: { publisher, subscriber },
    ...(entityTypes !== undefined && { input: { entityTypes } }),
    result: 'done',
    outcome,
  };
}
