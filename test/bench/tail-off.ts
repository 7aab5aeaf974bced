import { encodeEvent, projectCodec } from '@dbem/entity-codec';
import { RemoteWatches, StatusChannel, Tail } from '@dbem/observation';
import { SILENT_LOG } from '@dbem/runtime';
import { type Delivery, InMemoryBroker } from '@dbem/transport';
import { Identities } from '../../apps/event-manager/src/access/identity/identities';

const ROUNDS = 9;
const CALLS = 200_000;

/** The median of several rounds, ns per call. */
function measure(work: () => unknown): number {
  for (let call = 0; call < CALLS; call += 1) work();
  const rounds = Array.from({ length: ROUNDS }, () => {
    const startedAt = process.hrtime.bigint();
    for (let call = 0; call < CALLS; call += 1) work();
    return Number(process.hrtime.bigint() - startedAt) / CALLS;
  });
  return rounds.sort((left, right) => left - right)[Math.floor(ROUNDS / 2)] as number;
}

const entity = projectCodec.encode({ projectID: 'p', owner: 'ada', gatewayId: 'gw', name: 'A project' });
const event = {
  publisher: 'registry',
  entityType: 'PROJECT',
  crudType: 'UPDATE',
  entity,
  version: 1n,
  entityId: 'p',
} as const;
const delivery: Delivery = { body: encodeEvent(event), headers: {}, exchange: '', routingKey: '', redelivered: false };
const services = ['sharing', 'search'];

const identities = new Identities({ mode: 'off', users: [], legacyServices: [] });
const channel = new StatusChannel(new InMemoryBroker(), identities, SILENT_LOG);
const tail = new Tail(channel, new RemoteWatches(channel, SILENT_LOG), { selfId: 'm' }, SILENT_LOG);
const sink = { event: () => {}, skipped: () => {}, ended: () => {} };
const pass = () => tail.record(event, services, delivery);

/** The cost of the tail per event at the event manager. */
const unwatchedNs = measure(pass);
const leave = tail.watch({ filter: { publisher: 'somebody else' }, withContent: false }, sink);
const otherNs = measure(pass);
leave();
tail.watch({ filter: {}, withContent: true }, sink);
const tappedNs = measure(pass);
tail.stop();

console.log(`no viewers:                       ${unwatchedNs.toFixed(1)} ns per event`);
console.log(`a viewer of other events:         ${otherNs.toFixed(0)} ns`);
console.log(`a viewer of all, 50/s sent:       ${tappedNs.toFixed(0)} ns`);
