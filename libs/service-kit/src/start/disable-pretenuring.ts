import v8 from 'node:v8';

/**
 * Makes V8 allocate every object in the young generation, for the rest of this process.
 *
 * By default V8 allocates the objects of an allocation site in the old generation once 85 % of them have survived a
 * collection. With some hundred events in flight an app is close to that threshold and may cross it at any time. After
 * that the objects of every event stay in memory until the next full collection
 * (docs/decisions/0049-short-lived-event-objects.md).
 */
export function disablePretenuring(): void {
  v8.setFlagsFromString('--no-allocation-site-pretenuring');
}
