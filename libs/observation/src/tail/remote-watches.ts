import { Log, PeriodicTask } from '@dbem/runtime';
import { Injectable } from '@nestjs/common';
import type { ManagerMessage, PassedEvent, Watch } from '../status/manager-message';
import { StatusChannel } from '../status/status-channel';
import { EventBudget } from './event-budget';
import type { TappedEvent } from './tapped-event';

type WatchesMessage = Extract<ManagerMessage, { kind: 'watches' }>;

/** Watches that are not published again for this long have ended, or their manager has. */
const FORGOTTEN_AFTER_MS = 6_000;
const CHECK_INTERVAL_MS = 1_000;
const SEND_INTERVAL_MS = 250;
/** In total, of all managers. */
const MAX_WATCHES = 100;
const MAX_MANAGERS = 64;
/** Maximum contents waiting to be sent to one manager; further events are sent without content. */
const MAX_CONTENT_BYTES = 512 * 1024;
/** Per watch, the same as its own limit. */
const EVENTS_PER_S = 50;

interface Watcher {
  readonly queue: string;
  reportedAtMs: number;
  watches: readonly Watch[];
  /** Events to be sent: bounded by a quarter of a second's budget of each watch. */
  events: PassedEvent[];
  contentBytes: number;
}

/** The viewers at other managers, and the events to be sent to those managers. */
@Injectable()
export class RemoteWatches {
  private readonly watchers = new Map<string, Watcher>();
  private readonly budgets = new Map<string, EventBudget>();
  private tasks: PeriodicTask[] = [];
  private onChange = () => {};

  constructor(
    private readonly channel: StatusChannel,
    private readonly log: Log,
  ) {}

  /** Calls `onChange` when the list of watches changes. */
  listen(onChange: () => void): void {
    this.onChange = onChange;
  }

  stop(): void {
    for (const task of this.tasks) void task.stop();
    this.tasks = [];
    this.watchers.clear();
  }

  list(): Watch[] {
    return [...this.watchers.values()].flatMap(({ watches }) => watches).slice(0, MAX_WATCHES);
  }

  receive({ manager, queue, watches }: WatchesMessage): void {
    if (watches.length === 0) {
      if (this.watchers.delete(manager)) this.changed();
      return;
    }
    const known = this.watchers.get(manager);
    if (known === undefined && this.watchers.size >= MAX_MANAGERS) return;
    const watcher = known ?? { queue, reportedAtMs: 0, watches: [], events: [], contentBytes: 0 };
    const isSame = watcher.watches.map(idOf).join() === watches.map(idOf).join();
    Object.assign(watcher, { reportedAtMs: Date.now(), watches });
    this.watchers.set(manager, watcher);
    if (!isSame) this.changed();
  }

  /** Passes an event that matches these watches to their managers. */
  pass(watches: readonly Watch[], event: TappedEvent, body: Buffer | undefined): void {
    const ids = new Set(watches.filter(({ id }) => this.budgetOf(id).take()).map(idOf));
    if (ids.size === 0) return;
    for (const watcher of this.watchers.values()) {
      const matching = watcher.watches.filter(({ id }) => ids.has(id));
      if (matching.length === 0) continue;
      const fits = body !== undefined && watcher.contentBytes + body.length <= MAX_CONTENT_BYTES;
      const requiresContent = fits && matching.some(({ withContent }) => withContent);
      if (requiresContent) watcher.contentBytes += body.length;
      watcher.events.push({
        watches: matching.map(idOf),
        event,
        ...(requiresContent && { body: body.toString('base64') }),
      });
    }
  }

  private changed(): void {
    const ids = new Set(this.list().map(idOf));
    for (const id of this.budgets.keys()) if (!ids.has(id)) this.budgets.delete(id);
    if (ids.size > 0 && this.tasks.length === 0) {
      this.tasks = [
        PeriodicTask.every(CHECK_INTERVAL_MS, () => this.forgetTimedOut()),
        PeriodicTask.every(SEND_INTERVAL_MS, () => this.send()),
      ];
    }
    if (ids.size === 0) this.stop();
    this.onChange();
  }

  private forgetTimedOut(): void {
    const before = this.watchers.size;
    for (const [manager, { reportedAtMs }] of this.watchers) {
      if (Date.now() - reportedAtMs > FORGOTTEN_AFTER_MS) this.watchers.delete(manager);
    }
    if (this.watchers.size < before) this.changed();
  }

  private send(): void {
    for (const watcher of this.watchers.values()) {
      const { events, watches, queue } = watcher;
      const skipped = Object.fromEntries(
        watches.map(({ id }) => [id, this.budgetOf(id).takeSkipped()] as const).filter(([, count]) => count > 0),
      );
      if (events.length === 0 && Object.keys(skipped).length === 0) continue;
      watcher.events = [];
      watcher.contentBytes = 0;
      void this.channel
        .sendTo(queue, { kind: 'passed', events, skipped })
        .catch((error: unknown) => this.log.debug({ err: error }, 'could not send tapped events to another manager'));
    }
  }

  private budgetOf(id: string): EventBudget {
    let budget = this.budgets.get(id);
    if (budget === undefined) {
      budget = new EventBudget(EVENTS_PER_S);
      this.budgets.set(id, budget);
    }
    return budget;
  }
}

function idOf({ id }: Watch): string {
  return id;
}
