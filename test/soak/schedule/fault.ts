import type { Checkpoint } from '@dbem/runtime';
import type { InstanceName, ServerName } from '../system/instances';

/** One thing that goes wrong. */
export type Fault =
  | { readonly kind: 'app killed'; readonly instance: InstanceName }
  | {
      readonly kind: 'app killed at a checkpoint';
      readonly instance: InstanceName;
      readonly checkpoint: Checkpoint;
      /** Which passage of the checkpoint is its last. */
      readonly passage: number;
    }
  | { readonly kind: 'app paused'; readonly instance: InstanceName }
  | { readonly kind: 'server killed'; readonly server: ServerName }
  | { readonly kind: 'RabbitMQ stopped in good order' }
  | { readonly kind: 'ZooKeeper session expired'; readonly instance: InstanceName }
  | { readonly kind: 'network cut'; readonly instance: InstanceName; readonly server: ServerName }
  | { readonly kind: 'network stalled'; readonly instance: InstanceName; readonly server: ServerName }
  | { readonly kind: 'connections closed by the broker' }
  | { readonly kind: 'deliveries duplicated and reordered' };

/** A fault with its time in an episode. */
export interface PlannedFault {
  readonly fault: Fault;
  /** From the episode's start, ms. */
  readonly startsAfterMs: number;
  /** How long it lasts before it is put right, ms. */
  readonly lastsMs: number;
}

/** What goes wrong at about the same time; after it the system is left to recover. */
export interface Episode {
  readonly number: number;
  readonly faults: readonly PlannedFault[];
  /** From the recovery to the next episode, ms. */
  readonly calmMs: number;
}

/** For people, and as the name under which recoveries are counted: kind and server, without the instance. */
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
      return `${fault.instance} killed at ${fault.checkpoint}, passage ${fault.passage}`;
    case 'ZooKeeper session expired':
      return `ZooKeeper session of ${fault.instance} expired`;
    case 'network cut':
    case 'network stalled':
      return `${fault.kind}: ${fault.instance} and ${fault.server}`;
    default:
      return kindOf(fault);
  }
}
