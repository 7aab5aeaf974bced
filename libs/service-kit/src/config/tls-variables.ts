import { z } from 'zod';

const file = (what: string) => z.string().min(1).optional().describe(what);

/** Variables for a broker that is reached by TLS. */
export const amqpTlsVariables = {
  AMQP_CA_FILE: file(
    'With amqps: certificate authorities that the broker’s certificate must come from, PEM. Default: the system’s.',
  ),
  AMQP_CERT_FILE: file('With amqps: our own certificate, PEM. Default: none.'),
  AMQP_KEY_FILE: file('With amqps: the key of our certificate, PEM. Default: none.'),
  AMQP_AUTH: z
    .enum(['password', 'certificate'])
    .default('password')
    .describe(
      'How we show the broker who we are: the password of AMQP_URL, or our certificate, with the user of AMQP_URL. Default: password.',
    ),
};

/** Variables for a database that is reached by TLS. */
export const databaseTlsVariables = {
  DATABASE_CA_FILE: file(
    'Makes the database be reached by TLS: certificate authorities that its certificate must come from, PEM. Default: none.',
  ),
  DATABASE_CERT_FILE: file('Our own certificate for the database, PEM. Default: none.'),
  DATABASE_KEY_FILE: file('The key of that certificate, PEM. Default: none.'),
};
