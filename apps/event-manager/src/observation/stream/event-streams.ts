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
 * The open event streams of this manager. Limits their number, sends heartbeats, and ends a stream within about five
 * seconds after its client's authorization has ended.
 */
@Injectable()
export class EventStreams implements OnModuleDestroy {
  private readonly streams = new Set<OpenStream>();
  private tasks: PeriodicTask[] = [];
  private isStopping = false;

  constructor(private readonly authenticator: Authenticator) {}

  /**
   * @param role the minimum role of the client, for as long as the stream is open.
   * @throws DbEventError STREAMS_EXHAUSTED (retryable)
   */
  open(request: Request, response: Response, role: Role): EventStream {
    if (this.streams.size >= MAX_STREAMS || this.isStopping) {
      const reason = this.isStopping
        ? 'This event manager is stopping: connect to another one'
        : `This event manager has reached its limit of ${MAX_STREAMS} open streams: retry later`;
      throw new DbEventError('STREAMS_EXHAUSTED', reason, { retryable: true });
    }
    const stream = new EventStream(response);
    const open = { stream, credential: bearerOf(request) ?? '', role };
    this.streams.add(open);
    stream.onClose(() => {
      this.streams.delete(open);
      if (this.streams.size === 0) this.stopTasks();
    });
    if (this.tasks.length === 0) {
      this.tasks = [
        PeriodicTask.every(BEAT_INTERVAL_MS, () => this.beat()),
        PeriodicTask.every(CHECK_INTERVAL_MS, () => this.checkAuthorization()),
      ];
    }
    return stream;
  }

  onModuleDestroy(): void {
    this.isStopping = true;
    for (const { stream } of [...this.streams]) stream.end('stopping');
    this.stopTasks();
  }

  private beat(): void {
    for (const { stream } of this.streams) stream.beat();
  }

  private async checkAuthorization(): Promise<void> {
    for (const { stream, credential, role } of [...this.streams]) {
      if (!(await this.hasRole(credential, role))) stream.end('unauthorized');
    }
  }

  private async hasRole(credential: string, role: Role): Promise<boolean> {
    try {
      const principal = await this.authenticator.authenticate(credential);
      return principal !== undefined && mayActAs(principal.role, role);
    } catch {
      // The credential can't be verified now, so it gives no access.
      return false;
    }
  }

  private stopTasks(): void {
    for (const task of this.tasks) void task.stop();
    this.tasks = [];
  }
}
