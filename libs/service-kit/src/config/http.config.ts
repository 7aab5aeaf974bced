import { configOf } from './config-of';
import { port, serviceHost } from './variables';

/** Where an app listens that has a default port of its own. */
export function httpConfigOf(defaultPort: number) {
  return class HttpConfig extends configOf({
    SERVICE_HOST: serviceHost,
    SERVICE_PORT: port.default(defaultPort).describe(`Port of the HTTP API. Default: ${defaultPort}.`),
  }) {};
}
