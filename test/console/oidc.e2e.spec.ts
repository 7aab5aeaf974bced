import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningApps, startApps } from '../support/apps/running-apps';
import { ConsoleBrowser } from '../support/console/console-browser';
import { LoginProvider } from '../support/console/login-provider';

describe('A login at an identity provider', { timeout: 300_000 }, () => {
  let provider: LoginProvider;
  let apps: RunningApps;
  let browser: ConsoleBrowser;

  beforeAll(async () => {
    provider = await LoginProvider.start();
    apps = await startApps([], {
      OIDC_ISSUER: provider.issuer,
      OIDC_AUDIENCE: provider.audience,
      OIDC_JWKS_URL: `${provider.issuer}/jwks`,
      OIDC_CONSOLE_CLIENT_ID: provider.clientId,
    });
    browser = await ConsoleBrowser.start(`${apps.app('event-manager').url}/console`);
  });

  afterAll(async () => {
    await browser?.stop();
    await apps?.stop();
    await provider?.stop();
  });

  it('A login at an identity provider returns to the requested page, with the token’s role and no secret in the URL', async () => {
    const page = await browser.open('/parked?service=sharing', {});
    await page.getByRole('button', { name: 'Log in with the identity provider' }).click();
    await page.getByRole('heading', { name: 'Parked', level: 1 }).waitFor();
    await page.getByText('operator').first().waitFor();
    expect(page.url()).toBe(`${apps.app('event-manager').url}/console/parked?service=sharing`);
    expect(provider.accessTokens).toHaveLength(1);
    expect(await page.evaluate('JSON.stringify({ ...localStorage })')).not.toContain(provider.accessTokens[0]);
    await page.reload();
    await page.getByRole('heading', { name: 'Parked', level: 1 }).waitFor();
  });

  it('A login that did not begin in this tab is refused with an error message', async () => {
    const page = await browser.open('/login?code=stolen&state=unknown', {});
    await page.getByRole('alert').getByText('The login failed.').waitFor();
    expect(provider.accessTokens).toHaveLength(1);
  });

  it('The login pages violate no Content-Security-Policy and throw no error', () => {
    expect(browser.errors).toEqual([]);
  });
});
