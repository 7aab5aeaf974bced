import type { IndicatorState } from '@dbem/runtime';
import type { Broker } from './broker.port';

/** For a readiness check: up while the broker is connected and accepts publishes. */
export function brokerState(broker: Broker): IndicatorState {
  const { isConnected, ...details } = broker.health();
  return { isUp: isConnected, details };
}
