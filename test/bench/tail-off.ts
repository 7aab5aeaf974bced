import { encodeEvent, projectCodec } from '@dbem/entity-codec';
import { RemoteWatches, StatusChannel, Tail } from '@dbem/observation';
import { SILENT_LOG } from '@dbem/runtime';
import { type Delivery, InMemoryBroker } from '@dbem/transport';
import { Identities } from '../../apps/event-manager/src/access/identity/identities';

const ROUNDS = 9;
const CALLS = 200_000;

/** The median of several rounds, ns a call. */
function measure(work: () => unknown): number {
  for (let call = 0; call < CALLS; call += 1) work();
  const rounds = Array.from({ length: ROUNDS }, () => {
    const begun = process.hrtime.bigint();
    for (let call = 0; call < CALLS; call += 1) work();
    return Number(process.hrtime.bigint() - begun) / CALLS;
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
const line = new StatusChannel(new InMemoryBroker(), identities, SILENT_LOG);
const tail = new Tail(line, new RemoteWatches(line, SILENT_LOG), { selfId: 'm' }, SILENT_LOG);
const sink = { event: () => {}, skipped: () => {}, ended: () => {} };
const pass = () => tail.see(event, services, delivery);

/** What one event pays at the event manager for the tail. */
const unwatchedNs = measure(pass);
const leave = tail.watch({ filter: { publisher: 'somebody else' }, withContent: false }, sink);
const otherNs = measure(pass);
leave();
tail.watch({ filter: {}, withContent: true }, sink);
const shownNs = measure(pass);
tail.stop();

console.log(`nobody watches:                    ${unwatchedNs.toFixed(1)} ns an event`);
console.log(`somebody watches other events:     ${otherNs.toFixed(0)} ns`);
console.log(`somebody watches all, 50/s shown:  ${shownNs.toFixed(0)} ns`);
