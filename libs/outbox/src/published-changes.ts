import { AsyncLocalStorage } from 'node:async_hooks';
import type { EntityVersion } from '@dbem/db-event';

const collecting = new AsyncLocalStorage<EntityVersion[]>();

/**
 * Runs `work` and adds the changes published in its async context to `published`, even if they are rolled back later.
 */
export function collectPublished<Result>(published: EntityVersion[], work: () => Result): Result {
  return collecting.run(published, work);
}

/** Every `ChangePublisher` calls this for the changes that it has published. */
export function notePublished(changes: readonly EntityVersion[]): void {
  collecting.getStore()?.push(...changes);
}
