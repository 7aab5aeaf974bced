import { readFileSync } from 'node:fs';

/** Paths of certificates and keys, all PEM. */
export interface TlsFiles {
  /** Certificate authorities that are trusted for the peer's certificate. Default: the system's. */
  readonly ca?: string | undefined;
  /** Our own certificate. */
  readonly cert?: string | undefined;
  /** The key of our certificate. */
  readonly key?: string | undefined;
}

/** Options for Node's TLS. */
export interface TlsMaterial {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

/** To be called for each connection: certificates are renewed while the process runs. @throws as `readFileSync` */
export function readTlsFiles({ ca, cert, key }: TlsFiles): TlsMaterial {
  return {
    ...(ca !== undefined && { ca: readFileSync(ca) }),
    ...(cert !== undefined && { cert: readFileSync(cert) }),
    ...(key !== undefined && { key: readFileSync(key) }),
  };
}
