import type { HeardManager } from '../status/heard-managers';
import type { HeardInstance } from '../status/heard-services';
import { rounded } from './rounded';
import type { Instance, ManagerNode } from './topology';

type Heard = Pick<HeardInstance, 'isGone' | 'heardAtMs'> & {
  readonly status: Pick<HeardInstance['status'], 'isReady' | 'reasons' | 'software' | 'startedAtMs'>;
};

export function instanceOf(heard: Heard & Pick<HeardInstance, 'status'>): Instance {
  return describe(heard.status.instance, heard);
}

export function managerNodeOf(heard: HeardManager): ManagerNode {
  return {
    ...describe(heard.status.manager, heard),
    receivedPerS: rounded(heard.receivedPerS),
    forwardedPerS: rounded(heard.forwardedPerS),
  };
}

function describe(id: string, { status, isGone, heardAtMs }: Heard): Instance {
  const { isReady, reasons, software, startedAtMs } = status;
  return {
    id,
    state: isGone ? 'gone' : isReady ? 'ready' : 'unready',
    ...(reasons.length > 0 && { reasons }),
    software,
    startedAt: new Date(startedAtMs).toISOString(),
    ...(isGone && { lastHeardAt: new Date(heardAtMs).toISOString() }),
  };
}
