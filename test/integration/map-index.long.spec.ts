import { afterAll, beforeAll, describe, it } from 'vitest';
import { expectMapOfNodesAtEachStart } from '../support/subscription-map/map-index-property';
import { MapIndexWorld } from '../support/subscription-map/map-index-world';

describe('the index of the subscription map in ZooKeeper', () => {
  let world: MapIndexWorld;

  beforeAll(async () => {
    world = await MapIndexWorld.start();
  });

  afterAll(() => world?.stop());

  it('A manager loads the same map as the nodes contain, whoever changed them and whenever it starts (100 runs)', async () => {
    await expectMapOfNodesAtEachStart(world, 100);
  }, 1_200_000);
});
