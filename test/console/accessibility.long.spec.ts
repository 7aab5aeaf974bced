import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityViolationsOf } from '../support/console/accessibility-violations';
import { ConsoleBrowser, waitUntilLoaded } from '../support/console/console-browser';
import { ConsoleSystem } from '../support/console/console-system';
import { waitFor } from '../support/waiting/wait-for';

const PAGES = [
  ['The login', '/login'],
  ['Overview', '/'],
  ['Overview as a list', '/?view=list'],
  ['Overview with a subscription', '/?open=user.profile~sharing'],
  ['Overview with a service', '/?open=sharing'],
  ['Flow', '/flow'],
  ['Entity', '/entity?publisher=user.profile&type=USER_PROFILE&id=ada%40seagrid'],
  ['Parked', '/parked'],
  ['Subscriptions', '/subscriptions'],
  ['A subscription', '/subscriptions?open=user.profile~sharing'],
  ['Reconcile', '/reconcile'],
  ['Cluster', '/cluster'],
] as const;

const THEMES = ['light', 'dark'] as const;

describe('Accessibility of the console', { timeout: 300_000 }, () => {
  let system: ConsoleSystem;
  let browser: ConsoleBrowser;

  beforeAll(async () => {
    system = await ConsoleSystem.start();
    browser = await ConsoleBrowser.start(system.consoleUrl);
    await system.createUser('ada');
    await system.publish(Buffer.from('this is not Thrift'));
    await system.waitUntilEqual();
    await waitFor(async () => (await system.parkedEvents()).length === 1);
  });

  afterEach(async () => {
    await browser?.closePages();
  });

  afterAll(async () => {
    await browser?.stop();
    await system?.stop();
  });

  const tokenFor = (path: string) => (path === '/login' ? undefined : system.tokens.operator);

  describe.each(THEMES)('%s', (theme) => {
    it.each(PAGES)(`%s has no serious accessibility violation in the ${theme} theme`, async (_name, path) => {
      const page = await browser.open(path, { token: tokenFor(path), theme });
      expect(await accessibilityViolationsOf(page)).toEqual([]);
    });
  });

  it.each(PAGES)('%s fits the width of a phone', async (_name, path) => {
    const page = await browser.open(path, { token: tokenFor(path), viewport: { width: 390, height: 844 } });
    await waitUntilLoaded(page);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
  });
});
