import { configOf, port, serviceHost } from '@dbem/service-kit';
import { z } from 'zod';

/** Address of the HTTP API, and its trusted proxies. */
export class HttpConfig extends configOf({
  SERVICE_HOST: serviceHost,
  SERVICE_PORT: port.default(3000).describe('Port of the HTTP API. Default: 3000.'),
  TRUSTED_PROXIES: z
    .string()
    .min(1)
    .optional()
    .describe('Addresses or networks of proxies whose X-Forwarded-For is trusted, separated by commas. Default: none.'),
}) {}
