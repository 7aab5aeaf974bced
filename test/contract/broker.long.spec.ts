import { describe } from 'vitest';
import { SharedBroker } from '../support/broker/shared-broker';
import { BROKER_ADAPTERS } from './broker/adapters';
import { describeParkedEvents } from './broker/parked-events.contract';

describe.each(BROKER_ADAPTERS)('%s', (name, setUp) => {
  describeParkedEvents(name, SharedBroker.use(setUp), 8_000);
});
