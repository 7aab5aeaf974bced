import type { InstanceReport } from '../status/instance-reports';
import type { ManagerReport } from '../status/manager-reports';
import { rounded } from './rounded';
import type { Instance, ManagerNode } from './topology';

type Heard = Pick<InstanceReport, 'isGone' | 'receivedAtMs'> & {
  readonly status: Pick<InstanceReport['status'], 'isReady' | 'reasons' | 'software' | 'startedAtMs'>;
};

export function instanceOf(received: Heard & Pick<InstanceReport, 'status'>): Instance {
  return describe(received.status.instance, received);
}

export function managerNodeOf(received: ManagerReport): ManagerNode {
  return {
    ...describe(received.status.manager, received),
    receivedPerS: rounded(received.receivedPerS),
    forwardedPerS: rounded(received.forwardedPerS),
  };
}

function describe(id: string, { status, isGone, receivedAtMs }: Heard): Instance {
  const { isReady, reasons, software, startedAtMs } = status;
  return {
    id,
    state: isGone ? 'gone' : isReady ? 'ready' : 'unready',
    ...(reasons.length > 0 && { reasons }),
    software,
    startedAt: new Date(startedAtMs).toISOString(),
    ...(isGone && { lastReceivedAt: new Date(receivedAtMs).toISOString() }),
  };
}
