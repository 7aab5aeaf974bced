import type { DbEventError } from '@dbem/db-event';
import type { DeepReadonly } from '@dbem/runtime';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

export const ForgedMessage = z
  .object({
    code: z.enum(['PUBLISHER_FORGED', 'SUBSCRIBER_FORGED']),
    userId: z.string().optional().describe('The broker user that sent the message. Absent: it had no user_id.'),
    service: z.string().describe('The service that the message named as its sender.'),
    count: z.number().describe('Messages rejected by this manager since it started.'),
    lastSeenAt: z.iso.datetime(),
  })
  .meta({ id: 'ForgeryDto' });

export type ForgedMessage = DeepReadonly<z.infer<typeof ForgedMessage>>;

/** An attacker may use any number of names, so the least recently seen kinds are evicted. */
const MAX_KINDS = 1_000;

/** Counts messages rejected because their broker user may not act for the service that they name. */
@Injectable()
export class ForgedMessages {
  private readonly byKind = new Map<string, ForgedMessage>();
  private total = 0;

  /** Ignores errors with other codes. */
  note({ code, details }: DbEventError): void {
    if (code !== 'PUBLISHER_FORGED' && code !== 'SUBSCRIBER_FORGED') return;
    this.total += 1;
    const { userId, service } = details as { userId?: string; service: string };
    const kind = JSON.stringify([code, userId, service]);
    const count = (this.byKind.get(kind)?.count ?? 0) + 1;
    this.byKind.delete(kind);
    this.byKind.set(kind, {
      code,
      ...(userId !== undefined && { userId }),
      service,
      count,
      lastSeenAt: new Date().toISOString(),
    });
    const [oldest] = this.byKind.keys();
    if (this.byKind.size > MAX_KINDS && oldest !== undefined) this.byKind.delete(oldest);
  }

  get count(): number {
    return this.total;
  }

  /** The most recently seen kind comes last. */
  list(): readonly ForgedMessage[] {
    return [...this.byKind.values()];
  }
}
