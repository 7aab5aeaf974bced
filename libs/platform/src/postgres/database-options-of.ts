import type { DatabaseOptions } from './database';

export interface DatabaseVariables {
  readonly DATABASE_URL: string;
  readonly DATABASE_CA_FILE?: string | undefined;
  readonly DATABASE_CERT_FILE?: string | undefined;
  readonly DATABASE_KEY_FILE?: string | undefined;
}

/** How an app reaches its database, out of its configuration. */
export function databaseOptionsOf(config: DatabaseVariables): Pick<DatabaseOptions, 'url' | 'tls'> {
  const { DATABASE_URL: url, DATABASE_CA_FILE: ca, DATABASE_CERT_FILE: cert, DATABASE_KEY_FILE: key } = config;
  const isPlain = ca === undefined && cert === undefined && key === undefined;
  return { url, ...(!isPlain && { tls: { ca, cert, key } }) };
}
