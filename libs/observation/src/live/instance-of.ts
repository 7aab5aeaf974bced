import type { InstanceReport } from '../status/instance-reports';
import type { ManagerReport } from '../status/manager-reports';
import { rounded } from './rounded';
import type { Instance, ManagerNode } from './topology';

type Report = Pick<InstanceReport, 'isGone' | 'receivedAtMs'> & {
  readonly status: Pick<InstanceReport['status'], 'isReady' | 'reasons' | 'software' | 'startedAtMs'>;
};

export function instanceOf(report: Report & Pick<InstanceReport, 'status'>): Instance {
  return describe(report.status.instance, report);
}

export function managerNodeOf(report: ManagerReport): ManagerNode {
  return {
    ...describe(report.status.manager, report),
    receivedPerS: rounded(report.receivedPerS),
    forwardedPerS: rounded(report.forwardedPerS),
  };
}

function describe(id: string, { status, isGone, receivedAtMs }: Report): Instance {
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
