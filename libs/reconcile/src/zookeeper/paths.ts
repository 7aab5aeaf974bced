import type { RunKey } from '../run/reconcile-run';
import { textOfKey } from '../store/run-store.port';

/** Our own, beside the subscription map. */
export const ROOT = '/db-event-mgr-reconcile';
/** A node a run. */
export const RUNS = `${ROOT}/runs`;
/** A node for each key of which a run is under way, with that run's id. */
export const ACTIVE = `${ROOT}/active`;
/** An ephemeral node for each run that a manager carries out. */
export const OWNERS = `${ROOT}/owners`;
/** A node for each key whose subscriber has asked for history, and been heard. */
export const ASKED = `${ROOT}/asked`;
export const SCHEDULES = `${ROOT}/schedules`;

export const runPath = (id: string) => `${RUNS}/${id}`;
export const activePath = (key: RunKey) => `${ACTIVE}/${textOfKey(key)}`;
export const ownerPath = (id: string) => `${OWNERS}/${id}`;
export const askedPath = (key: RunKey) => `${ASKED}/${textOfKey(key)}`;
export const schedulePath = (key: RunKey) => `${SCHEDULES}/${textOfKey(key)}`;
