import { randomUUID } from 'node:crypto';
import { PeriodicTask } from '@dbem/runtime';
import type { Watch } from '../status/manager-message';
import { EventBudget } from './event-budget';
import type { TailFilter } from './tail-filter';
import type { TappedEvent } from './tapped-event';

export interface TailSink {
  event(event: TappedEvent): void;
  /** `count` further events matched since the last call and were not shown. */
  skipped(count: number): void;
  /** The watch has ended, for example because this manager stops. */
  ended(): void;
}

/** More than people can read. */
const EVENTS_PER_S = 50;
const SKIPPED_INTERVAL_MS = 1_000;

/** A viewer at this manager. */
export class LocalWatch implements Watch {
  readonly id = randomUUID();
  readonly filter: TailFilter;
  readonly withContent: boolean;
  private readonly budget = new EventBudget(EVENTS_PER_S);
  private readonly reporting: PeriodicTask;
  private isEnded = false;

  constructor(
    { filter, withContent }: Omit<Watch, 'id'>,
    private readonly sink: TailSink,
    private readonly onEnd: (id: string) => void,
  ) {
    this.filter = filter;
    this.withContent = withContent;
    this.reporting = PeriodicTask.every(SKIPPED_INTERVAL_MS, () => this.reportSkipped());
  }

  /** @param make called only if the event is within the budget. */
  show(make: () => TappedEvent): void {
    if (!this.isEnded && this.budget.take()) this.sink.event(make());
  }

  skip(count: number): void {
    this.budget.noteSkipped(count);
  }

  /** May be called twice. */
  end(): void {
    if (this.isEnded) return;
    this.isEnded = true;
    void this.reporting.stop();
    this.onEnd(this.id);
    this.sink.ended();
  }

  private reportSkipped(): void {
    const count = this.budget.takeSkipped();
    if (count > 0) this.sink.skipped(count);
  }
}
