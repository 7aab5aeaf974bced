import type { ProblemDetails } from './problem';

const BY_CODE: Readonly<Record<string, string>> = {
  MAP_UNAVAILABLE:
    'The subscription map can’t be changed while ZooKeeper is unavailable; events keep flowing. Check ZooKeeper on the Cluster page, and try again when it is back.',
  ROLLOUT_TIMEOUT:
    'Not every event manager applied the change in time. Check the Cluster page for one that lags, then try again: repeating the request is safe.',
  BROKER_UNAVAILABLE:
    'RabbitMQ is unavailable. Nothing is lost: changes wait in the outboxes. Check the Cluster page, and try again when RabbitMQ is back.',
  CONFIRM_OVERDUE:
    'RabbitMQ answers, but a queue does not accept messages: a node of its cluster may be down. Check the Cluster page and RabbitMQ.',
  REQUEST_TIMEOUT:
    'RabbitMQ or a service took too long to respond. Try again in a few seconds; if it keeps happening, check the Cluster page.',
  RUNS_UNAVAILABLE:
    'Runs are stored in ZooKeeper, which is unavailable. Runs in progress continue when it is back. Check the Cluster page.',
  AUDIT_UNAVAILABLE:
    'A change is made only if it can be recorded in the audit trail, which is stored in RabbitMQ. Check RabbitMQ on the Cluster page.',
  RECONCILE_UNSUPPORTED: 'A legacy service can’t be the source or the replica of a run. Choose another service.',
  SUBSCRIPTION_EXPIRING: 'The subscription is being expired. Try again in a few seconds.',
  IDENTITY_PROVIDER_UNAVAILABLE:
    'The identity provider is unavailable. Log in with an admin token, or try again later.',
  RUN_CONFLICT:
    'Only one run per publisher, subscriber and entity type can be in progress. Wait for it to finish, or cancel it.',
  SERVICE_UNREACHABLE: 'The service did not respond. Check on the Cluster page whether an instance of it is running.',
  IDEMPOTENCY_KEY_IN_USE: 'The same request is already in progress. Wait for it to finish.',
};

const BY_STATUS: Readonly<Record<number, string>> = {
  0: 'Check that the event manager is running and can be reached from here. This page retries automatically.',
  400: 'Correct the values named above, then try again.',
  401: 'Log in again.',
  403: 'Your role does not allow this. Ask someone who has the required role.',
  404: 'Someone else may have removed it. Reload the page.',
  409: 'The current state does not allow this, for the reason above. Reload the page to see the current state.',
  429: 'Too many requests from this address. Wait a minute, then try again.',
  503: 'This is usually temporary. Try again in a few seconds; if it keeps happening, check the Cluster page.',
};

const FALLBACK = 'Try again. If it keeps happening, check the Cluster page and the event manager’s log.';

/** What the user can do about a problem: by its code, else by its status. */
export function adviceFor({ status, code }: ProblemDetails): string {
  return (code !== undefined ? BY_CODE[code] : undefined) ?? BY_STATUS[status] ?? FALLBACK;
}
