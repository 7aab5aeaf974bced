import { DbEventError } from '@dbem/db-event';
import { PeriodicTask } from '@dbem/runtime';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Authenticator } from '../../access/authenticator.port';
import { bearerOf } from '../../access/bearer';
import { mayActAs, type Role } from '../../access/role';
import { EventStream } from './event-stream';

const MAX_STREAMS = 50;
const BEAT_INTERVAL_MS = 10_000;
const CHECK_INTERVAL_MS = 5_000;

interface OpenStream {
  readonly stream: EventStream;
  readonly credential: string;
  readonly role: Role;
}

/**
 * The streams that this manager keeps open: so many and no more; a sign of life now and then; and none longer than its reader's right
 * to it lasts, which is looked at every five seconds.
 */
@Injectable()
export class EventStreams implements OnModuleDestroy {
  private readonly kept = new Set<OpenStream>();
  private tasks: PeriodicTask[] = [];
  private isStopping = false;

  constructor(private readonly authenticator: Authenticator) {}

  /**
   * @param role what the reader must be all the time.
   * @throws DbEventError STREAMS_EXHAUSTED (retryable)
   */
  open(request: Request, response: Response, role: Role): EventStream {
    if (this.kept.size >= MAX_STREAMS || this.isStopping) {
      const why = this.isStopping ? 'This manager stops' : `${MAX_STREAMS} streams are open here already`;
      throw new DbEventError('STREAMS_EXHAUSTED', why, { retryable: true });
    }
    const stream = new EventStream(response);
    const kept = { stream, credential: bearerOf(request) ?? '', role };
    this.kept.add(kept);
    stream.onClose(() => {
      this.kept.delete(kept);
      if (this.kept.size === 0) this.rest();
    });
    if (this.tasks.length === 0) {
      this.tasks = [
        PeriodicTask.every(BEAT_INTERVAL_MS, () => this.beat()),
        PeriodicTask.every(CHECK_INTERVAL_MS, () => this.checkRights()),
      ];
    }
    return stream;
  }

  onModuleDestroy(): void {
    this.isStopping = true;
    for (const { stream } of [...this.kept]) stream.end('stopping');
    this.rest();
  }

  private beat(): void {
    for (const { stream } of this.kept) stream.beat();
  }

  private async checkRights(): Promise<void> {
    for (const { stream, credential, role } of [...this.kept]) {
      if (!(await this.isStillA(role, credential))) stream.end('unauthorized');
    }
  }

  private async isStillA(role: Role, credential: string): Promise<boolean> {
    try {
      const principal = await this.authenticator.authenticate(credential);
      return principal !== undefined && mayActAs(principal.role, role);
    } catch {
      // Whose it is can't be told now: that is no right.
      return false;
    }
  }

  private rest(): void {
    for (const task of this.tasks) void task.stop();
    this.tasks = [];
  }
}
