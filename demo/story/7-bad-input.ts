import { decodeReply } from '@dbem/entity-codec';
import { legacyEvent } from '../../tools/legacy/legacy-service';
import { TENANT } from './1-profile-alone';
import { check, waitUntil } from './check';
import { People } from './people';
import { verifyAllReplicas } from './replicas';
import { apiOf, type StoryStep, type StorySystem } from './story-system';

const UNKNOWN_ENTITY_TYPE = 99;
const PROJECT = 3;
const REPLY_WITHIN_MS = 10_000;

export const badInput: StoryStep = {
  title: 'A malformed message and an unknown entity type are parked; an event without subscribers is acknowledged',
  async play(system) {
    // A broker that was not started for this demo may have parked messages already.
    const before = await parkedReasons(system);
    const entity = Buffer.from('any bytes: the event manager does not decode the entity');
    await system.legacyService.publish(Buffer.from('this is not Thrift'));
    await system.legacyService.publish(legacyEvent('old.service', UNKNOWN_ENTITY_TYPE, entity));
    const acknowledgement = await system.legacyService.publish(
      legacyEvent('old.service', PROJECT, entity),
      REPLY_WITHIN_MS,
    );

    check(acknowledgement !== undefined, 'the event without subscribers is acknowledged');
    const reply = decodeReply(acknowledgement ?? Buffer.alloc(0));
    check(
      reply.status === 'ACCEPTED' && reply.services.length === 0,
      `the acknowledgement is ${JSON.stringify(reply)}`,
    );
    let reasons: string[] = [];
    await waitUntil('both bad messages are parked with their reasons', async () => {
      reasons = (await parkedReasons(system)).slice(before.length).sort();
      return reasons.length === 2 ? undefined : `${reasons.length} are parked`;
    });
    check(reasons.join() === 'ENTITY_TYPE_UNKNOWN,MESSAGE_MALFORMED', `the reasons are ${reasons.join(' and ')}`);

    await new People(apiOf(system, 'profile'), TENANT).create('still-flowing');
    await verifyAllReplicas(system);
    return `parked: ${reasons.join(' and ')}; acknowledged without receivers: the third; the next user was replicated at once`;
  },
};

async function parkedReasons(system: StorySystem): Promise<string[]> {
  const parked = await system.peek('db.event.parked');
  return parked.map(({ headers }) => String(headers['x-dbem-reason-code']));
}
