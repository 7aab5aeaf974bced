const ACTIONS: Readonly<Record<string, string>> = {
  SUBSCRIBE: 'subscribed by message',
  'PUT /admin/v1/subscriptions/:publisher/:subscriber': 'added or changed a subscription',
  'DELETE /admin/v1/subscriptions/:publisher/:subscriber': 'removed a subscription',
  'POST /admin/v1/subscriptions/:publisher/:subscriber/pause': 'paused a subscription',
  'POST /admin/v1/subscriptions/:publisher/:subscriber/resume': 'resumed a subscription',
  'POST /admin/v1/parked/:service/redrive': 'redrove parked events',
  'POST /admin/v1/parked/:service/:id/redrive': 'redrove a parked event',
  'POST /admin/v1/parked/:service/:id/discard': 'discarded a parked event',
  'POST /admin/v1/reconcile': 'started a run',
  'POST /admin/v1/reconcile/:id/pause': 'paused a run',
  'POST /admin/v1/reconcile/:id/resume': 'resumed a run',
  'POST /admin/v1/reconcile/:id/cancel': 'cancelled a run',
  'PUT /admin/v1/reconcile-schedules/:publisher/:subscriber/:entityType': 'added or changed a schedule',
  'DELETE /admin/v1/reconcile-schedules/:publisher/:subscriber/:entityType': 'removed a schedule',
  'PUT /admin/v1/services/:service/broker-user': 'set a broker user',
  'DELETE /admin/v1/services/:service/broker-user': 'removed a broker user',
};

/** An audit entry's action in words; an unknown action is returned unchanged. */
export function describeAction(action: string): string {
  return ACTIONS[action] ?? action;
}
