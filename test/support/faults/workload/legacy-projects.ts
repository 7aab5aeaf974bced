import { decodeMessage, decodeReply, encodeEvent, encodeSubscriptionRequest, projectCodec } from '@dbem/entity-codec';
import {
  type Broker,
  type Consumption,
  EVENT_EXCHANGE,
  MANAGER_ROUTING_KEY,
  type OutgoingMessage,
  serviceQueueOf,
} from '@dbem/transport';
import { projectBytes } from '../../events/project-event';
import { waitFor } from '../../waiting/wait-for';

const PUBLISHER = 'registry';

/** Enough that some are in the hands of each manager, and few enough that a test takes seconds. */
const AT_A_TIME = 50;

/**
 * A legacy publisher that creates and deletes each project back to back, and a legacy service that gets its events:
 * both without versions, so that what arrives last counts.
 */
export class LegacyProjects {
  private readonly lastChange = new Map<string, string>();
  private readonly deleted = new Set<string>();
  private consumption: Consumption | undefined;
  private published = 0;
  private arrived = 0;

  constructor(
    private readonly broker: Broker,
    private readonly service: string,
  ) {}

  /** Resolves when all managers route by the subscription. */
  async subscribe(): Promise<void> {
    await this.ask('SUBSCRIBE');
  }

  /** Consumes the service's queue until `stop`. */
  consume(): void {
    this.consumption = this.broker.consume(serviceQueueOf(this.service), async (deliveries) => {
      for (const delivery of deliveries) this.receive(delivery.body);
    });
  }

  /** Unsubscribes, and consumes no more. */
  async stop(): Promise<void> {
    await this.ask('UNSUBSCRIBE');
    await this.consumption?.stop();
  }

  /** Number of events that arrived, repeated ones included. */
  get received(): number {
    return this.arrived;
  }

  /** Creates and deletes more projects. Resolves when the broker has all events. */
  async createAndDelete(projects: number): Promise<void> {
    for (let left = projects; left > 0; left -= AT_A_TIME) {
      const ids = Array.from({ length: Math.min(left, AT_A_TIME) }, () => {
        this.published += 1;
        return `${this.service}-${this.published}`;
      });
      const events = ids.flatMap((id) => [eventOf(id, 'CREATE'), eventOf(id, 'DELETE')]);
      await Promise.all(events.map((event) => this.broker.publish(this.toManager(event))));
    }
  }

  /** Waits for the delete of each project. @returns those that the service still has, because a create came last. */
  async left(): Promise<string[]> {
    await waitFor(() => this.deleted.size === this.published, {
      timeoutMs: 120_000,
      what: `deletes of ${this.published} projects; ${this.deleted.size} have arrived`,
    });
    return [...this.lastChange].filter(([, crudType]) => crudType !== 'DELETE').map(([id]) => id);
  }

  private receive(body: Buffer): void {
    const message = decodeMessage(body);
    if (message.kind !== 'event') return;
    const { entity, crudType } = message.event;
    const { projectID } = projectCodec.decode(entity);
    this.arrived += 1;
    this.lastChange.set(projectID, crudType);
    if (crudType === 'DELETE') this.deleted.add(projectID);
  }

  /** Resolves when all managers route by the change. */
  private async ask(action: 'SUBSCRIBE' | 'UNSUBSCRIBE'): Promise<void> {
    const request = { action, publisher: PUBLISHER, subscriber: this.service, declareQueue: true };
    const message = this.toManager(encodeSubscriptionRequest(request));
    const { body } = await this.broker.request(message, { timeoutMs: 60_000 });
    const { status } = decodeReply(body);
    if (status !== 'ACCEPTED') throw new Error(`${action} was ${status}`);
  }

  private toManager(body: Buffer): OutgoingMessage {
    return { exchange: EVENT_EXCHANGE, routingKey: MANAGER_ROUTING_KEY, body };
  }
}

function eventOf(id: string, crudType: 'CREATE' | 'DELETE'): Buffer {
  return encodeEvent({ publisher: PUBLISHER, entityType: 'PROJECT', crudType, entity: projectBytes(id) });
}
