import { describe } from 'vitest';
import { SharedBroker } from '../support/broker/shared-broker';
import { BROKER_ADAPTERS } from './broker/adapters';
import { describeBatches } from './broker/batches.contract';
import { describeConsuming } from './broker/consuming.contract';
import { describeOrderedConsuming } from './broker/ordered-consuming.contract';
import { describeParkedEvents } from './broker/parked-events.contract';
import { describePublishing } from './broker/publishing.contract';
import { describeRequests } from './broker/requests.contract';
import { describeRouting } from './broker/routing.contract';

describe.each(BROKER_ADAPTERS)('%s', (name, setUp) => {
  const shared = SharedBroker.use(setUp);
  describePublishing(name, shared);
  describeRouting(name, shared);
  describeConsuming(name, shared);
  describeOrderedConsuming(name, shared);
  describeBatches(name, shared);
  describeRequests(name, shared);
  // More than the largest prefetch of a quorum queue.
  describeParkedEvents(name, shared, 2_500);
});
