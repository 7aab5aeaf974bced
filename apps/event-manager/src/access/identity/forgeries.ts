import type { DbEventError } from '@dbem/db-event';
import type { DeepReadonly } from '@dbem/runtime';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

export const Forgery = z
  .object({
    code: z.enum(['PUBLISHER_FORGED', 'SUBSCRIBER_FORGED']),
    userId: z.string().optional().describe('The broker user that sent it. Left out: it did not say.'),
    service: z.string().describe('The service that it claimed to be.'),
    count: z.number().describe('By this manager, since its start.'),
    lastSeenAt: z.iso.datetime(),
  })
  .meta({ id: 'ForgeryDto' });

export type Forgery = DeepReadonly<z.infer<typeof Forgery>>;

/** A forger may make up any number of names; past this many the one seen least lately is forgotten. */
const MAX_KINDS = 1_000;

/** Counts what was refused because it was not who it said. */
@Injectable()
export class Forgeries {
  private readonly byKind = new Map<string, Forgery>();
  private total = 0;

  /** Passes over errors of other kinds. */
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

  /** Latest last. */
  list(): readonly Forgery[] {
    return [...this.byKind.values()];
  }
}
