import { SubscriptionMap } from '@dbem/db-event';
import { Test } from '@nestjs/testing';
import { expect, it } from 'vitest';
import { RoutingModule } from './routing.module';
import { RoutingService } from './routing.service';

it('RoutingModule provides RoutingService with the queue names of the application', async () => {
  const names = { queueOf: (service: string) => `to ${service}` };
  const module = await Test.createTestingModule({ imports: [RoutingModule.forRoot(names)] }).compile();
  const map = SubscriptionMap.of([
    { publisher: 'profile', subscriber: 'registry' },
    { publisher: 'profile', subscriber: 'sharing' },
  ]);
  const { destinations } = module.get(RoutingService).route({ publisher: 'profile', entityType: 'TENANT' }, map);
  expect(destinations.map(({ queue }) => queue)).toEqual(['to registry', 'to sharing']);
});
