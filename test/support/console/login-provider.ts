import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

interface Login {
  readonly challenge: string;
  readonly redirectUri: string;
}

/**
 * An OpenID Connect provider that logs everyone in immediately, as an operator named Ada. It accepts only the
 * authorization code flow with PKCE, and records the access tokens it issues.
 */
export class LoginProvider {
  readonly clientId = 'console';
  readonly audience = 'dbem';
  readonly accessTokens: string[] = [];
  private readonly logins = new Map<string, Login>();

  private constructor(
    private readonly server: Server,
    private readonly keys: Awaited<ReturnType<typeof generateKeyPair>>,
  ) {}

  static async start(): Promise<LoginProvider> {
    const server = createServer((request, response) => {
      provider.answer(request, response).catch((error: Error) => response.writeHead(500).end(error.message));
    });
    const provider = new LoginProvider(server, await generateKeyPair('ES256', { extractable: true }));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return provider;
  }

  get issuer(): string {
    return `http://127.0.0.1:${(this.server.address() as { port: number }).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', this.issuer);
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('access-control-allow-headers', '*');
    if (request.method === 'OPTIONS') response.writeHead(204).end();
    else if (pathname === '/.well-known/openid-configuration') this.json(response, this.configuration());
    else if (pathname === '/jwks') this.json(response, { keys: [await this.publicKey()] });
    else if (pathname === '/authorize') this.authorize(searchParams, response);
    else if (pathname === '/token') await this.token(new URLSearchParams(await textOf(request)), response);
    else response.writeHead(404).end();
  }

  private configuration(): object {
    const { issuer } = this;
    return {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['ES256'],
    };
  }

  private authorize(request: URLSearchParams, response: ServerResponse): void {
    const isAllowed =
      request.get('response_type') === 'code' &&
      request.get('client_id') === this.clientId &&
      request.get('code_challenge_method') === 'S256';
    if (!isAllowed) {
      response.writeHead(400).end('Only the authorization code flow with PKCE is supported');
      return;
    }
    const code = randomUUID();
    const redirectUri = request.get('redirect_uri') ?? '';
    this.logins.set(code, { challenge: request.get('code_challenge') ?? '', redirectUri });
    const back = new URL(redirectUri);
    back.searchParams.set('code', code);
    back.searchParams.set('state', request.get('state') ?? '');
    response.writeHead(302, { location: back.href }).end();
  }

  private async token(sent: URLSearchParams, response: ServerResponse): Promise<void> {
    const code = sent.get('code') ?? '';
    const login = this.logins.get(code);
    this.logins.delete(code);
    const proof = createHash('sha256')
      .update(sent.get('code_verifier') ?? '')
      .digest('base64url');
    if (login === undefined || login.challenge !== proof || login.redirectUri !== sent.get('redirect_uri')) {
      response.writeHead(400).end(JSON.stringify({ error: 'invalid_grant' }));
      return;
    }
    const accessToken = await this.sign(this.audience, { roles: ['operator'] });
    this.accessTokens.push(accessToken);
    const idToken = await this.sign(this.clientId, {});
    this.json(response, { access_token: accessToken, id_token: idToken, token_type: 'Bearer', expires_in: 600 });
  }

  private async sign(audience: string, claims: object): Promise<string> {
    return new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'ES256', kid: 'only' })
      .setIssuer(this.issuer)
      .setAudience(audience)
      .setSubject('ada')
      .setIssuedAt()
      .setExpirationTime('10m')
      .sign(this.keys.privateKey);
  }

  private async publicKey(): Promise<object> {
    return { ...(await exportJWK(this.keys.publicKey)), kid: 'only', alg: 'ES256', use: 'sig' };
  }

  private json(response: ServerResponse, body: object): void {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}
