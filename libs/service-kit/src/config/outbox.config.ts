import { configOf } from './config-of';
import { heartbeatIntervalMs, publishProtocol } from './variables';

/** Configuration of a service that publishes changes. */
export class OutboxConfig extends configOf({
  PUBLISH_PROTOCOL: publishProtocol,
  HEARTBEAT_INTERVAL_MS: heartbeatIntervalMs,
}) {
  /** Options for `OutboxModule`. */
  get options() {
    return { protocol: this.PUBLISH_PROTOCOL, heartbeatIntervalMs: this.HEARTBEAT_INTERVAL_MS };
  }
}
