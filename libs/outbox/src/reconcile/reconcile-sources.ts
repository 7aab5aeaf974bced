import { DbEventError, type EntityType } from '@dbem/db-event';
import { Broker } from '@dbem/transport';
import { Inject, Injectable } from '@nestjs/common';
import { type CompleteOutboxOptions, OUTBOX_OPTIONS } from '../outbox-options';
import { OrphanRemover } from './orphan-remover';
import { PostgresSource } from './postgres-source';
import { ReadSender } from './read-sender';
import type { AnyReconcileSource } from './reconcile-source';

/**
 * The publisher's sources by entity type. All methods throw DbEventError RECONCILE_UNSUPPORTED for a type without a
 * source.
 */
@Injectable()
export class ReconcileSources {
  private readonly byType: ReadonlyMap<EntityType, AnyReconcileSource>;

  constructor(
    @Inject(OUTBOX_OPTIONS)
    private readonly options: Pick<CompleteOutboxOptions, 'pool' | 'service' | 'sources'>,
    private readonly broker: Broker,
  ) {
    this.byType = new Map((options.sources ?? []).map((source) => [source.codec.entityType, source]));
  }

  reader(entityType: EntityType): PostgresSource {
    return new PostgresSource(this.options.pool, this.find(entityType));
  }

  sender(entityType: EntityType): ReadSender {
    return new ReadSender(this.find(entityType), this.senderOptions);
  }

  remover(entityType: EntityType): OrphanRemover {
    return new OrphanRemover(this.find(entityType), this.senderOptions);
  }

  private get senderOptions() {
    const { pool, service } = this.options;
    return { pool, service, broker: this.broker };
  }

  private find(entityType: EntityType): AnyReconcileSource {
    const source = this.byType.get(entityType);
    if (source === undefined) {
      throw new DbEventError(
        'RECONCILE_UNSUPPORTED',
        `"${this.options.service}" has no reconcile source for ${entityType}; declare one in the \`sources\` of its OutboxModule`,
      );
    }
    return source;
  }
}
