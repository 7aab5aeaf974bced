import { DbEventError, isDryRun, type Queryable, type Version } from '@dbem/db-event';
import { decodeReply, encodeEvent } from '@dbem/entity-codec';
import { checkpoint } from '@dbem/runtime';
import { currentTraceContext } from '@dbem/telemetry';
import { type Broker, intakeMessage } from '@dbem/transport';
import { type Change, someOrNone } from './change';
import { ChangePublisher, type PublishedChange } from './change-publisher.port';
import { recordChanges, versionsStatement } from './postgres/record-changes';
import { notePublished } from './published-changes';

export interface ConfirmThenCommitOptions {
  /** The publisher's name on the wire. */
  readonly service: string;
  /** How long to wait for the event manager's acknowledgement, ms. Default: 5,000. */
  readonly timeoutMs?: number;
}

/**
 * The protocol of the Java original: sends the event while the transaction is open, and lets it commit only after the
 * event manager has acknowledged the event.
 *
 * Its weaknesses: a crash or a failed commit after the acknowledgement leaves subscribers with a change that never
 * happened, and services can't write while the broker or the event manager is down. The outbox has neither.
 *
 * Rejects with PUBLISH_REFUSED (the event manager's reply is in `details`), REQUEST_TIMEOUT, or the broker's error. If
 * one of several changes fails, those before it have been sent.
 */
export class ConfirmThenCommitChangePublisher extends ChangePublisher {
  constructor(
    private readonly broker: Broker,
    private readonly options: ConfirmThenCommitOptions,
  ) {
    super();
  }

  async publishAll<Entity>(
    transaction: Queryable,
    changes: readonly Change<Entity>[],
  ): Promise<readonly PublishedChange[]> {
    if (isDryRun()) {
      throw new DbEventError(
        'DRY_RUN_IMPOSSIBLE',
        'Cannot do a dry run: the service publishes by confirm-then-commit, and a rollback does not undo the events sent',
      );
    }
    const versions = await recordChanges(transaction, versionsStatement(changes));
    const published: PublishedChange[] = [];
    for (const [index, change] of changes.entries()) {
      published.push(await this.send(change, versions[index] as bigint));
    }
    checkpoint('publisher.published');
    notePublished(published);
    return published;
  }

  private async send<Entity>(
    { codec, crudType, entity, dependsOn }: Change<Entity>,
    version: Version,
  ): Promise<PublishedChange> {
    const { service: publisher, timeoutMs = 5_000 } = this.options;
    const { entityType } = codec;
    const entityId = codec.idOf(entity);
    const eventId = `${publisher}:${version}`;
    const body = encodeEvent({
      publisher,
      entityType,
      crudType,
      entity: codec.encode(entity),
      eventId,
      entityId,
      version,
      changeTimeMs: Date.now(),
      dependencies: someOrNone(dependsOn),
    });
    const { body: answer } = await this.broker.request(
      intakeMessage({ messageId: eventId, headers: currentTraceContext() ?? {}, body }),
      { timeoutMs },
    );
    const reply = decodeReply(answer);
    if (reply.status === 'REJECTED') {
      throw new DbEventError('PUBLISH_REFUSED', `The event manager refused the change: ${reply.reason}`, {
        retryable: reply.retryable,
        details: { code: reply.code, reason: reply.reason },
      });
    }
    return { publisher, entityType, entityId, version };
  }
}
