import type { Checkpoint } from '@dbem/runtime';
import type { InstanceName, ServerName } from '../system/instances';

/** A single fault. */
export type Fault =
  | { readonly kind: 'app killed'; readonly instance: InstanceName }
  | {
      readonly kind: 'app killed at a checkpoint';
      readonly instance: InstanceName;
      readonly checkpoint: Checkpoint;
      /** It is killed when it reaches the checkpoint for this time. */
      readonly occurrence: number;
    }
  | { readonly kind: 'app paused'; readonly instance: InstanceName }
  | { readonly kind: 'server killed'; readonly server: ServerName }
  | { readonly kind: 'RabbitMQ stopped gracefully' }
  | { readonly kind: 'ZooKeeper session expired'; readonly instance: InstanceName }
  | { readonly kind: 'network cut'; readonly instance: InstanceName; readonly server: ServerName }
  | { readonly kind: 'network stalled'; readonly instance: InstanceName; readonly server: ServerName }
  | { readonly kind: 'connections closed by the broker' }
  | { readonly kind: 'deliveries duplicated and reordered' };

/** A fault with its timing in an episode. */
export interface PlannedFault {
  readonly fault: Fault;
  /** From the episode's start, ms. */
  readonly startsAfterMs: number;
  /** Duration of the fault, ms. */
  readonly lastsMs: number;
}

/** Faults at about the same time, after which the system recovers. */
export interface Episode {
  readonly number: number;
  readonly faults: readonly PlannedFault[];
  /** From the recovery to the next episode, ms. */
  readonly calmMs: number;
}

/** The name under which recoveries are reported: kind and server, without the instance. */
export function kindOf(fault: Fault): string {
  if (fault.kind === 'server killed') return `${fault.server} killed`;
  if (fault.kind === 'network cut' || fault.kind === 'network stalled') return `${fault.kind}: app and ${fault.server}`;
  return fault.kind;
}

export function describeFault(fault: Fault): string {
  switch (fault.kind) {
    case 'app killed':
    case 'app paused':
      return `${fault.kind}: ${fault.instance}`;
    case 'app killed at a checkpoint':
      return `${fault.instance} killed at ${fault.checkpoint}, occurrence ${fault.occurrence}`;
    case 'ZooKeeper session expired':
      return `ZooKeeper session of ${fault.instance} expired`;
    case 'network cut':
    case 'network stalled':
      return `${fault.kind}: ${fault.instance} and ${fault.server}`;
    default:
      return kindOf(fault);
  }
}
