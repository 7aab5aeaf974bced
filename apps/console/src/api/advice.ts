import type { ProblemDetails } from './problem';

const BY_CODE: Readonly<Record<string, string>> = {
  MAP_UNAVAILABLE:
    'The map can’t be changed while ZooKeeper is away. Events go on flowing by the map that is known. Look at Cluster, and try again when ZooKeeper is back.',
  ROLLOUT_TIMEOUT:
    'Not every event manager has taken the change in time. Look at Cluster for one that lags, then try again: asking twice does no harm.',
  BROKER_UNAVAILABLE:
    'RabbitMQ is away. Nothing is lost: changes wait in the outboxes. Look at Cluster, and try again when it is back.',
  REQUEST_TIMEOUT: 'RabbitMQ or a service took too long. Try again in some seconds; if it stays, look at Cluster.',
  RUNS_UNAVAILABLE: 'Runs are kept in ZooKeeper, which is away. Those under way wait for it. Look at Cluster.',
  AUDIT_UNAVAILABLE:
    'A change is made only if it can be written to the audit trail, and that is in RabbitMQ. Look at Cluster.',
  RECONCILE_UNSUPPORTED: 'An old service can be neither source nor replica of a run. Choose another.',
  SUBSCRIPTION_EXPIRING: 'The expiry is still being carried out. Try again in some seconds.',
  IDENTITY_PROVIDER_UNAVAILABLE: 'The identity provider is away. Log in with an admin token, or try again later.',
  RUN_CONFLICT:
    'There is one run at a time for a publisher, subscriber and entity type. Wait for its end, or cancel it.',
  SERVICE_UNREACHABLE: 'The service does not answer. See in Cluster whether an instance of it runs.',
  IDEMPOTENCY_KEY_IN_USE: 'The same request is being carried out. Wait for it.',
};

const BY_STATUS: Readonly<Record<number, string>> = {
  0: 'Check that the event manager runs and can be reached from here. This page tries again by itself.',
  400: 'Correct what is named above, and try again.',
  401: 'Log in again.',
  403: 'Your role does not allow this. Somebody with the role that is named can do it.',
  404: 'It may be gone by now: somebody else may have removed it. Load the page again.',
  409: 'Something else is in the way, as said above. Load the page again to see how things stand.',
  429: 'Too many requests came from this address. Wait a minute.',
  503: 'This passes by itself as a rule. Try again in some seconds; if it does not help, look at Cluster.',
};

const OTHERWISE = 'The event manager’s log says more. Try again; if it stays, look at Cluster and at the log.';

/** What a person can do about a problem. */
export function adviceFor({ status, code }: ProblemDetails): string {
  return (code !== undefined ? BY_CODE[code] : undefined) ?? BY_STATUS[status] ?? OTHERWISE;
}
