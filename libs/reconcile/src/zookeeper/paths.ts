import type { RunKey } from '../run/reconcile-run';
import { textOfKey } from '../store/run-store.port';

/** Used by this software only, unlike the subscription map. */
export const ROOT = '/db-event-mgr-reconcile';
/** One node per run. */
export const RUNS = `${ROOT}/runs`;
/** One node per key with a run under way; its data is the run's id. */
export const ACTIVE = `${ROOT}/active`;
/** One ephemeral node per run that a manager executes. */
export const OWNERS = `${ROOT}/owners`;
/** One node per key for which a subscription has requested its backfill. */
export const ASKED = `${ROOT}/asked`;
export const SCHEDULES = `${ROOT}/schedules`;

export const runPath = (id: string) => `${RUNS}/${id}`;
export const activePath = (key: RunKey) => `${ACTIVE}/${textOfKey(key)}`;
export const ownerPath = (id: string) => `${OWNERS}/${id}`;
export const askedPath = (key: RunKey) => `${ASKED}/${textOfKey(key)}`;
export const schedulePath = (key: RunKey) => `${SCHEDULES}/${textOfKey(key)}`;
