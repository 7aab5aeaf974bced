import type { ReactNode } from 'react';
import type { Schemas } from '../../api/schemas';
import { TimeAgo } from '../../ui/time-ago';
import { InstanceBadge } from './instance-badge';

interface InstanceLineProps {
  readonly instance: Schemas['InstanceDto'];
  readonly name: ReactNode;
  readonly children?: ReactNode;
}

/** One instance: its name, version, start time, last report and state. */
export function InstanceLine({ instance, name, children }: InstanceLineProps) {
  const { state, software, startedAt, lastReceivedAt, reasons = [] } = instance;
  return (
    <li>
      <div>
        <strong className="break">{name}</strong>
        <p>
          {software}, started <TimeAgo at={startedAt} />
          {lastReceivedAt !== undefined && (
            <>
              , last report <TimeAgo at={lastReceivedAt} />
            </>
          )}
        </p>
        {children}
        {reasons.map((reason) => (
          <p key={reason}>{reason}</p>
        ))}
      </div>
      <InstanceBadge state={state} />
    </li>
  );
}
