import type { RabbitMqBrokerOptions } from './rabbitmq-broker';

export interface BrokerVariables {
  readonly AMQP_URL: string;
  readonly AMQP_CA_FILE?: string | undefined;
  readonly AMQP_CERT_FILE?: string | undefined;
  readonly AMQP_KEY_FILE?: string | undefined;
  readonly AMQP_AUTH?: 'password' | 'certificate' | undefined;
}

/** The broker's connection options from an app's configuration. */
export function brokerOptionsOf(config: BrokerVariables): Pick<RabbitMqBrokerOptions, 'url' | 'tls' | 'auth'> {
  const { AMQP_URL: url, AMQP_CA_FILE: ca, AMQP_CERT_FILE: cert, AMQP_KEY_FILE: key, AMQP_AUTH: auth } = config;
  const isPlain = ca === undefined && cert === undefined && key === undefined;
  return { url, auth, ...(!isPlain && { tls: { ca, cert, key } }) };
}
