import { createServer, type Server } from 'node:http';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>;

/** An OpenID Connect provider as a resource server sees it: it signs tokens and serves its public keys. */
export class IdentityProvider {
  readonly issuer = 'https://identity.example.org/realms/dbem';
  readonly audience = 'dbem';
  private keys = new Map<string, KeyPair>();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<IdentityProvider> {
    const server = createServer((_request, response) => void provider.answer(response));
    const provider = new IdentityProvider(server);
    await provider.addKey('first');
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return provider;
  }

  get jwksUrl(): string {
    return `http://127.0.0.1:${(this.server.address() as { port: number }).port}/jwks`;
  }

  async addKey(id: string): Promise<void> {
    this.keys.set(id, await generateKeyPair('ES256', { extractable: true }));
  }

  /** A token of this provider; `claims` override its default claims. */
  async sign(claims: JWTPayload, { key = 'first', as = key }: { key?: string; as?: string } = {}): Promise<string> {
    const nowS = Math.floor(Date.now() / 1_000);
    const { privateKey } = this.keys.get(key) as KeyPair;
    return new SignJWT({
      iss: this.issuer,
      aud: this.audience,
      sub: 'ada',
      iat: nowS,
      exp: nowS + 600,
      ...claims,
    })
      .setProtectedHeader({ alg: 'ES256', kid: as })
      .sign(privateKey);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(response: { end(body: string): void }): Promise<void> {
    const keys = await Promise.all(
      [...this.keys].map(async ([kid, { publicKey }]) => ({ ...(await exportJWK(publicKey)), kid, alg: 'ES256' })),
    );
    response.end(JSON.stringify({ keys }));
  }
}
