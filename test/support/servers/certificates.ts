import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Paths of one party's PEM files. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority for one test, created with the machine's openssl. */
export class CertificateAuthority {
  private readonly folder = mkdtempSync(join(tmpdir(), 'dbem-certificates-'));
  readonly ca = join(this.folder, 'ca.pem');

  static get isPossible(): boolean {
    return spawnSync('openssl', ['version']).status === 0;
  }

  constructor() {
    const subject = ['-subj', '/CN=a test’s own authority', '-days', '2'];
    this.openssl('req', '-x509', ...this.newKey('ca'), ...subject, '-out', this.ca);
  }

  /** @param commonName a client's user name or a server's host name */
  issue(commonName: string): Certificate {
    const cert = join(this.folder, `${commonName}.pem`);
    const request = join(this.folder, `${commonName}.csr`);
    const extensions = join(this.folder, `${commonName}.ext`);
    writeFileSync(extensions, 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
    this.openssl('req', ...this.newKey(commonName), '-subj', `/CN=${commonName}`, '-out', request);
    const signedBy = ['-CA', this.ca, '-CAkey', this.pathOfKey('ca'), '-CAcreateserial'];
    this.openssl('x509', '-req', '-in', request, ...signedBy, '-days', '2', '-extfile', extensions, '-out', cert);
    return { cert, key: this.pathOfKey(commonName) };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private newKey(name: string): string[] {
    return ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', this.pathOfKey(name)];
  }

  private pathOfKey(name: string): string {
    return join(this.folder, `${name}.key`);
  }

  private openssl(...args: string[]): void {
    execFileSync('openssl', args, { stdio: 'pipe' });
  }
}
