import type { Checkpoint } from '@dbem/runtime';
import type { Random } from '../random';
import { INSTANCE_NAMES, INSTANCES, type InstanceName, type ServerName, serversOf } from '../system/instances';
import type { Episode, Fault, PlannedFault } from './fault';

const CHECKPOINTS: Readonly<Record<'event-manager' | 'publisher' | 'subscriber', readonly Checkpoint[]>> = {
  'event-manager': ['intake.forwarded'],
  publisher: ['publisher.published', 'publisher.committed', 'relay.claimed', 'relay.published'],
  subscriber: ['applier.written', 'applier.committed'],
};

const MANAGERS = INSTANCE_NAMES.filter((name) => INSTANCES[name] === 'event-manager');

/** Relative frequency of each kind. */
const KINDS: readonly (readonly [Fault['kind'], number])[] = [
  ['app killed', 5],
  ['app killed at a checkpoint', 6],
  ['app paused', 2],
  ['server killed', 4],
  ['RabbitMQ stopped gracefully', 1],
  ['ZooKeeper session expired', 1],
  ['network cut', 4],
  ['network stalled', 3],
  ['connections closed by the broker', 2],
  ['deliveries duplicated and reordered', 4],
];

/** Probability of two faults at once. */
const TWO_AT_ONCE = 0.3;

/** The endless sequence of episodes for a seed; the same each time. */
export function* schedule(random: Random): Generator<Episode, never> {
  for (let number = 1; ; number += 1) {
    const first = plan(random);
    const second = plan(random);
    const isDouble = random.chance(TWO_AT_ONCE) && targetOf(first.fault) !== targetOf(second.fault);
    yield { number, faults: isDouble ? [first, second] : [first], calmMs: random.integer(200, 3_000) };
  }
}

/** The target of a fault: two faults with the same target would end each other. */
function targetOf(fault: Fault): string {
  if ('instance' in fault) return fault.instance;
  if ('server' in fault) return fault.server;
  return fault.kind === 'RabbitMQ stopped gracefully' ? 'RabbitMQ' : fault.kind;
}

function plan(random: Random): PlannedFault {
  const fault = draw(random);
  return { fault, startsAfterMs: random.integer(0, 1_500), lastsMs: pickDuration(fault, random) };
}

function draw(random: Random): Fault {
  const kind = random.pickWeighted(KINDS);
  const instance = random.pick(INSTANCE_NAMES);
  switch (kind) {
    case 'app killed at a checkpoint':
      return { kind, instance, checkpoint: random.pick(checkpointsOf(instance)), occurrence: random.integer(1, 20) };
    case 'server killed':
      return { kind, server: random.pick<ServerName>(['RabbitMQ', 'ZooKeeper', 'PostgreSQL']) };
    case 'ZooKeeper session expired':
      return { kind, instance: random.pick(MANAGERS) };
    case 'network cut':
    case 'network stalled':
      return { kind, instance, server: random.pick(serversOf(instance)) };
    case 'app killed':
    case 'app paused':
      return { kind, instance };
    default:
      return { kind };
  }
}

function checkpointsOf(instance: InstanceName): readonly Checkpoint[] {
  const app = INSTANCES[instance];
  if (app === 'event-manager') return CHECKPOINTS['event-manager'];
  if (app === 'profile') return CHECKPOINTS.publisher;
  // registry publishes and subscribes; sharing's own entities are not part of the workload.
  return app === 'registry' ? [...CHECKPOINTS.publisher, ...CHECKPOINTS.subscriber] : CHECKPOINTS.subscriber;
}

/** Heartbeats detect a stall only after about 20 s, so some stalls last longer than that. */
function pickDuration(fault: Fault, random: Random): number {
  if (fault.kind === 'network stalled')
    return random.chance(0.3) ? random.integer(22_000, 30_000) : random.integer(500, 8_000);
  return random.integer(100, 6_000);
}
