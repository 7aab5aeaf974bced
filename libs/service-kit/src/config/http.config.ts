import { configOf } from './config-of';
import { port, serviceHost } from './variables';

/** The HTTP address of an app, with its own default port. */
export function httpConfigOf(defaultPort: number) {
  return class HttpConfig extends configOf({
    SERVICE_HOST: serviceHost,
    SERVICE_PORT: port.default(defaultPort).describe(`Port of the HTTP API. Default: ${defaultPort}.`),
  }) {};
}
