import type { AxeResults } from 'axe-core';
import axe from 'axe-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../support';
import { ConsoleBrowser } from '../support/console/console-browser';
import { ConsoleSystem } from '../support/console/console-system';

const PAGES = [
  ['the login', '/login'],
  ['Overview', '/'],
  ['Overview, as a list', '/?view=list'],
  ['Overview, with a subscription', '/?open=user.profile~sharing'],
  ['Overview, with a service', '/?open=sharing'],
  ['Flow', '/flow'],
  ['Entity', '/entity?publisher=user.profile&type=USER_PROFILE&id=ada%40seagrid'],
  ['Parked', '/parked'],
  ['Subscriptions', '/subscriptions'],
  ['a subscription', '/subscriptions?open=user.profile~sharing'],
  ['Reconcile', '/reconcile'],
  ['Cluster', '/cluster'],
] as const;

describe('axe finds nothing serious', { timeout: 180_000 }, () => {
  let system: ConsoleSystem;
  let browser: ConsoleBrowser;

  beforeAll(async () => {
    system = await ConsoleSystem.start();
    browser = await ConsoleBrowser.start(system.consoleUrl);
    await system.createUser('ada');
    await system.publish(Buffer.from('this is not Thrift'));
    await system.waitUntilEqual();
    await waitFor(async () => (await system.admin<{ items: unknown[] }>('GET', '/parked')).body.items.length === 1);
  }, 240_000);

  afterAll(async () => {
    await browser?.stop();
    await system?.stop();
  });

  for (const theme of ['light', 'dark'] as const) {
    for (const [name, path] of PAGES) {
      it(`on ${name}, ${theme}`, async () => {
        const token = path === '/login' ? undefined : system.tokens.operator;
        const page = await browser.open(path, { token, theme });
        await waitFor(async () => (await page.getByRole('status', { name: 'Loading' }).count()) === 0);
        await page.evaluate(axe.source);
        const { violations } = (await page.evaluate('axe.run(document)')) as AxeResults;
        const serious = violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .map(
            ({ id, nodes }) =>
              `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join('\n')}`,
          );
        expect(serious).toEqual([]);
      });
    }
  }

  it('on a phone, and nothing is wider than the phone', async () => {
    for (const [, path] of PAGES) {
      const token = path === '/login' ? undefined : system.tokens.operator;
      const page = await browser.open(path, { token, viewport: { width: 390, height: 844 } });
      await waitFor(async () => (await page.getByRole('status', { name: 'Loading' }).count()) === 0);
      expect(await page.evaluate('document.documentElement.scrollWidth'), path).toBeLessThanOrEqual(390);
    }
  });

  it('takes the keyboard from the first key: skip link, pages, and a dialog that gives the focus back', async () => {
    const page = await browser.open('/subscriptions', { token: system.tokens.operator });
    await page.getByRole('button', { name: 'user.profile to sharing' }).waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the page');
    await page.getByRole('button', { name: 'user.profile to sharing' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'user.profile → sharing' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe('user.profile to sharing');
  });
});
