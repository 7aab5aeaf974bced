import { expect, it } from 'vitest';
import { InMemoryManager } from '../../../../test/support/manager/in-memory-manager';
import { AccessConfig } from '../access/access.config';
import { ConsoleModule } from './console.module';

it('ConsoleModule serves the login configuration and allows the page to connect to the identity provider', async () => {
  const manager = await InMemoryManager.of([ConsoleModule], {
    configs: [AccessConfig],
    environment: {
      OIDC_ISSUER: 'https://issuer.example/realm',
      OIDC_AUDIENCE: 'dbem',
      OIDC_JWKS_URL: 'https://issuer.example/keys',
      OIDC_CONSOLE_CLIENT_ID: 'console',
    },
  });
  const url = await manager.listen();
  const config = await (await fetch(`${url}/console/config.json`)).json();
  expect(config).toMatchObject({ oidc: { issuer: 'https://issuer.example/realm', clientId: 'console' } });
  const page = await fetch(`${url}/console/subscriptions`);
  expect(page.headers.get('content-security-policy')).toContain("connect-src 'self' https://issuer.example");
  await manager.stop();
});
