import { readFileSync } from 'node:fs';

/** Where certificates and keys are, all PEM. */
export interface TlsFiles {
  /** Authorities that the peer's certificate must come from. Default: the system's. */
  readonly ca?: string | undefined;
  /** Our own certificate. */
  readonly cert?: string | undefined;
  /** Its key. */
  readonly key?: string | undefined;
}

/** What Node's TLS takes. */
export interface TlsMaterial {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

/** Reads the files. Read them for each connection: certificates are renewed while we run. @throws as `readFileSync` does. */
export function readTlsFiles({ ca, cert, key }: TlsFiles): TlsMaterial {
  return {
    ...(ca !== undefined && { ca: readFileSync(ca) }),
    ...(cert !== undefined && { cert: readFileSync(cert) }),
    ...(key !== undefined && { key: readFileSync(key) }),
  };
}
