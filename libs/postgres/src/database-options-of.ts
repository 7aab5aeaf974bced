import type { DatabaseOptions } from './database';

export interface DatabaseVariables {
  readonly DATABASE_URL: string;
  readonly DATABASE_CA_FILE?: string | undefined;
  readonly DATABASE_CERT_FILE?: string | undefined;
  readonly DATABASE_KEY_FILE?: string | undefined;
  readonly DATABASE_TIMEOUT_MS?: number | undefined;
  readonly DATABASE_IDLE_TRANSACTION_MS?: number | undefined;
}

/** The database options in an app's configuration. */
export function databaseOptionsOf(config: DatabaseVariables): Pick<DatabaseOptions, 'url' | 'tls' | 'link'> {
  const { DATABASE_URL: url, DATABASE_CA_FILE: ca, DATABASE_CERT_FILE: cert, DATABASE_KEY_FILE: key } = config;
  const isPlain = ca === undefined && cert === undefined && key === undefined;
  const { DATABASE_TIMEOUT_MS: timeoutMs, DATABASE_IDLE_TRANSACTION_MS: idleTransactionMs } = config;
  const link = {
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(idleTransactionMs !== undefined && { idleTransactionMs }),
  };
  return { url, link, ...(!isPlain && { tls: { ca, cert, key } }) };
}
