import { contentOfMessage, shown } from '@dbem/contract';
import { type DbEvent, DbEventError } from '@dbem/db-event';
import { Log, PeriodicTask } from '@dbem/runtime';
import { SubscriptionRegistry } from '@dbem/subscription-registry';
import type { Delivery } from '@dbem/transport';
import { Inject, Injectable } from '@nestjs/common';
import type { ManagerMessage, PassedEvent, Watch } from '../status/manager-message';
import { StatusChannel } from '../status/status-channel';
import { LocalWatch, type TailSink } from './local-watch';
import { passes } from './matches';
import { RemoteWatches } from './remote-watches';
import { tappedEventOf } from './tapped-event-of';

/** At this manager. */
const MAX_WATCHES = 20;
/** How often other managers are told who watches here, ms; they forget it after three times that. */
const TELL_INTERVAL_MS = 2_000;
/** What is larger is shown without its content, bytes. */
const MAX_CONTENT_BYTES = 64 * 1024;

/**
 * Shows events as they are sent on, by this manager and by others, to those who watch at this one.
 *
 *   unwatched -(somebody watches, here or at another manager)-> watched -(the last one has gone)-> unwatched
 *
 * While nobody watches, an event costs one comparison. Otherwise it costs a look at each watch's filter; each watch gets so many
 * events a second and no more, what is over is counted.
 */
@Injectable()
export class Tail {
  private readonly local = new Map<string, LocalWatch>();
  /** All of them; empty while nobody watches. */
  private watches: readonly Watch[] = [];
  private telling: PeriodicTask | undefined;

  constructor(
    private readonly line: StatusChannel,
    private readonly remote: RemoteWatches,
    @Inject(SubscriptionRegistry) private readonly registry: Pick<SubscriptionRegistry, 'selfId'>,
    private readonly log: Log,
  ) {
    remote.listen(() => this.gather());
    line.listen({ onManager: (message) => this.hear(message) });
  }

  /** Ends all watches. */
  stop(): void {
    void this.telling?.stop();
    for (const watch of [...this.local.values()]) watch.end();
    this.remote.stop();
  }

  /** @throws DbEventError STREAMS_EXHAUSTED (retryable) if too many watch here already. @returns what ends it. */
  watch(request: Omit<Watch, 'id'>, sink: TailSink): () => void {
    if (this.local.size >= MAX_WATCHES) {
      throw new DbEventError('STREAMS_EXHAUSTED', `${MAX_WATCHES} watch events here already`, { retryable: true });
    }
    const watch = new LocalWatch(request, sink, (id) => {
      this.local.delete(id);
      this.gather();
      this.publishWatches();
    });
    this.local.set(watch.id, watch);
    this.gather();
    this.publishWatches();
    return () => watch.end();
  }

  /** An event has been sent on to these services. */
  see(event: DbEvent, services: readonly string[], delivery: Delivery): void {
    if (this.watches.length === 0 || event.isHeartbeat === true) return;
    // An old publisher names the entity only inside of it.
    let innerId: string | undefined;
    const entityId = () => {
      innerId ??= event.entityId ?? contentOfMessage(delivery.body).entityId;
      return innerId;
    };
    const wanting = this.watches.filter(({ filter }) => passes(filter, event, entityId, services));
    if (wanting.length === 0) return;
    const seen = tappedEventOf(event, entityId(), services, delivery, this.registry.selfId);
    const isShort = delivery.body.length <= MAX_CONTENT_BYTES;
    const far = wanting.filter(({ id, withContent }) => {
      const near = this.local.get(id);
      if (near !== undefined) near.show(() => (withContent && isShort ? withEntity(seen, delivery.body) : seen));
      return near === undefined;
    });
    if (far.length > 0) this.remote.pass(far, seen, isShort ? delivery.body : undefined);
  }

  private hear(message: ManagerMessage): void {
    if (message.kind === 'watches' && message.queue !== this.line.queue) this.remote.hear(message);
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

  private gather(): void {
    this.watches = [...this.local.values(), ...this.remote.list()];
  }

  private publishWatches(): void {
    const watches = [...this.local.values()].map(({ id, filter, withContent }) => ({ id, filter, withContent }));
    void this.line
      .publish({ kind: 'watches', manager: this.registry.selfId, queue: this.line.queue, watches })
      .catch((error: unknown) => this.log.debug({ err: error }, 'could not tell other managers who watches'));
    if (watches.length > 0) this.telling ??= PeriodicTask.every(TELL_INTERVAL_MS, () => this.publishWatches());
    else {
      void this.telling?.stop();
      this.telling = undefined;
    }
  }
}

function withEntity<Seen extends object>(seen: Seen, body: Buffer): Seen & { readonly entity?: unknown } {
  const { entity } = contentOfMessage(body);
  return entity === undefined ? seen : { ...seen, entity: shown(entity) };
}
