import { amqpTlsVariables, amqpUrl, configOf } from '@dbem/service-kit';
import { z } from 'zod';

export class BrokerConfig extends configOf({
  AMQP_URL: amqpUrl,
  ...amqpTlsVariables,
  AMQP_MANAGEMENT_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      'URL of RabbitMQ’s management API with an administrator’s user and password, for managing broker users through the admin API. Default: none.',
    ),
}) {}
