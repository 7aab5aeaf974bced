import type { ConnectionOptions } from 'node:tls';
import { readTlsFiles, type TlsFiles } from '@dbem/runtime';

/**
 * `ssl` for `pg`: the peer is checked, by its name too. The files are read for each connection, since the library asks for
 * these properties each time.
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

/** The URL without what it says of TLS itself: `pg` would take that for more than `ssl`. */
export function withoutTlsParameters(url: string): string {
  const parsed = new URL(url);
  for (const name of [...parsed.searchParams.keys()]) {
    if (name.startsWith('ssl')) parsed.searchParams.delete(name);
  }
  return parsed.toString();
}
