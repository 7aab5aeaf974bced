import { z } from 'zod';

const file = (description: string) => z.string().min(1).optional().describe(description);

/** TLS settings of the broker connection. */
export const amqpTlsVariables = {
  AMQP_CA_FILE: file(
    'With amqps: certificate authorities that may sign the broker’s certificate, PEM file. Default: the system’s.',
  ),
  AMQP_CERT_FILE: file('With amqps: the app’s own certificate, PEM file. Default: none.'),
  AMQP_KEY_FILE: file('With amqps: the key of the app’s certificate, PEM file. Default: none.'),
  AMQP_AUTH: z
    .enum(['password', 'certificate'])
    .default('password')
    .describe(
      'How the app authenticates to the broker: password (of AMQP_URL) or certificate (with the user of AMQP_URL). Default: password.',
    ),
};

/** TLS settings of the database connection. */
export const databaseTlsVariables = {
  DATABASE_CA_FILE: file(
    'Enables TLS for the database: certificate authorities that may sign its certificate, PEM file. Default: none.',
  ),
  DATABASE_CERT_FILE: file('Enables TLS for the database: the app’s own certificate, PEM file. Default: none.'),
  DATABASE_KEY_FILE: file('The key of DATABASE_CERT_FILE, PEM file. Default: none.'),
};
