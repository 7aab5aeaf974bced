import type { ConnectionOptions } from 'node:tls';
import { readTlsFiles, type TlsFiles } from '@dbem/runtime';

/**
 * The `ssl` option for `pg`: verifies the server's certificate and host name. The files are read again for each
 * connection, since `pg` reads these properties each time.
 */
export function databaseTls(files: TlsFiles): ConnectionOptions {
  const options: ConnectionOptions = { rejectUnauthorized: true };
  for (const name of ['ca', 'cert', 'key'] as const) {
    if (files[name] === undefined) continue;
    Object.defineProperty(options, name, {
      enumerable: true,
      configurable: true,
      get: () => readTlsFiles({ [name]: files[name] })[name],
    });
  }
  return options;
}

/** The URL without its TLS parameters, which in `pg` take precedence over the `ssl` option. */
export function withoutTlsParameters(url: string): string {
  const parsed = new URL(url);
  for (const name of [...parsed.searchParams.keys()]) {
    if (name.startsWith('ssl')) parsed.searchParams.delete(name);
  }
  return parsed.toString();
}
