import { contentOfMessage, shown } from '@dbem/contract';
import { type DbEvent, DbEventError } from '@dbem/db-event';
import { Log, PeriodicTask } from '@dbem/runtime';
import { SubscriptionRegistry } from '@dbem/subscription-registry';
import type { Delivery } from '@dbem/transport';
import { Inject, Injectable } from '@nestjs/common';
import type { ManagerMessage, PassedEvent, Watch } from '../status/manager-message';
import { StatusChannel } from '../status/status-channel';
import { LocalWatch, type TailSink } from './local-watch';
import { matches } from './matches';
import { RemoteWatches } from './remote-watches';
import { tappedEventOf } from './tapped-event-of';

/** At this manager. */
const MAX_WATCHES = 20;
/** How often this manager's watches are published to other managers, ms; they expire there after three times that. */
const PUBLISH_INTERVAL_MS = 2_000;
/** Larger messages are shown without their content, bytes. */
const MAX_CONTENT_BYTES = 64 * 1024;

/**
 * Shows events, as this manager and others forward them, to the viewers at this manager.
 *
 *   idle -(first watch, here or at another manager)-> watched -(last watch ended)-> idle
 *
 * Without a watch, an event costs one comparison. Otherwise each watch's filter is checked; each watch has a maximum
 * rate, and events beyond it are counted as skipped.
 */
@Injectable()
export class Tail {
  private readonly local = new Map<string, LocalWatch>();
  /** The local and the remote ones. */
  private watches: readonly Watch[] = [];
  private publishing: PeriodicTask | undefined;

  constructor(
    private readonly channel: StatusChannel,
    private readonly remote: RemoteWatches,
    @Inject(SubscriptionRegistry) private readonly registry: Pick<SubscriptionRegistry, 'selfId'>,
    private readonly log: Log,
  ) {
    remote.listen(() => this.updateWatches());
    channel.listen({ onManager: (message) => this.receive(message) });
  }

  /** Ends all watches. */
  stop(): void {
    void this.publishing?.stop();
    for (const watch of [...this.local.values()]) watch.end();
    this.remote.stop();
  }

  /**
   * @throws DbEventError STREAMS_EXHAUSTED (retryable) at too many watches.
   *
   * @returns a function that ends the watch.
   */
  watch(request: Omit<Watch, 'id'>, sink: TailSink): () => void {
    if (this.local.size >= MAX_WATCHES) {
      throw new DbEventError(
        'STREAMS_EXHAUSTED',
        `This event manager already has ${MAX_WATCHES} viewers of its events, the maximum; try again later`,
        { retryable: true },
      );
    }
    const watch = new LocalWatch(request, sink, (id) => {
      this.local.delete(id);
      this.updateWatches();
      this.publishWatches();
    });
    this.local.set(watch.id, watch);
    this.updateWatches();
    this.publishWatches();
    return () => watch.end();
  }

  /** An event has been forwarded to these services. */
  record(event: DbEvent, services: readonly string[], delivery: Delivery): void {
    if (this.watches.length === 0 || event.isHeartbeat === true) return;
    // A legacy publisher's event has the entity's id only within the entity.
    let innerId: string | undefined;
    const entityId = () => {
      innerId ??= event.entityId ?? contentOfMessage(delivery.body).entityId;
      return innerId;
    };
    const matching = this.watches.filter(({ filter }) => matches(filter, event, entityId, services));
    if (matching.length === 0) return;
    const tapped = tappedEventOf(event, entityId(), services, delivery, this.registry.selfId);
    const isShort = delivery.body.length <= MAX_CONTENT_BYTES;
    const remote = matching.filter(({ id, withContent }) => {
      const local = this.local.get(id);
      if (local !== undefined) local.show(() => (withContent && isShort ? withEntity(tapped, delivery.body) : tapped));
      return local === undefined;
    });
    if (remote.length > 0) this.remote.pass(remote, tapped, isShort ? delivery.body : undefined);
  }

  private receive(message: ManagerMessage): void {
    if (message.kind === 'watches' && message.queue !== this.channel.queue) this.remote.receive(message);
    if (message.kind === 'passed') this.showPassed(message.events, message.skipped);
  }

  private showPassed(events: readonly PassedEvent[], skipped: Readonly<Record<string, number>>): void {
    for (const { watches, event, body } of events) {
      for (const watch of watches.flatMap((id) => this.local.get(id) ?? [])) {
        watch.show(() =>
          watch.withContent && body !== undefined ? withEntity(event, Buffer.from(body, 'base64')) : event,
        );
      }
    }
    for (const [id, count] of Object.entries(skipped)) this.local.get(id)?.skip(count);
  }

  private updateWatches(): void {
    this.watches = [...this.local.values(), ...this.remote.list()];
  }

  private publishWatches(): void {
    const watches = [...this.local.values()].map(({ id, filter, withContent }) => ({ id, filter, withContent }));
    void this.channel
      .publish({ kind: 'watches', manager: this.registry.selfId, queue: this.channel.queue, watches })
      .catch((error: unknown) => this.log.debug({ err: error }, 'could not publish the watches of this event manager'));
    if (watches.length > 0) this.publishing ??= PeriodicTask.every(PUBLISH_INTERVAL_MS, () => this.publishWatches());
    else {
      void this.publishing?.stop();
      this.publishing = undefined;
    }
  }
}

function withEntity<Event extends object>(event: Event, body: Buffer): Event & { readonly entity?: unknown } {
  const { entity } = contentOfMessage(body);
  return entity === undefined ? event : { ...event, entity: shown(entity) };
}
