import { AsyncLocalStorage } from 'node:async_hooks';
import type { EntityVersion } from '@dbem/db-event';

const collecting = new AsyncLocalStorage<EntityVersion[]>();

/** Runs `work`; what it publishes, and what it starts publishes, is added to `published`, also if that is rolled back later. */
export function collectPublished<Result>(published: EntityVersion[], work: () => Result): Result {
  return collecting.run(published, work);
}

/** Every `ChangePublisher` calls this for what it has published. */
export function notePublished(changes: readonly EntityVersion[]): void {
  collecting.getStore()?.push(...changes);
}
