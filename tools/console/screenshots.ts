import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import { SampleTraffic } from '../traffic/sample-traffic';
import { startBrowser } from './browser';
import { setScene } from './set-scene';
import { Stage } from './stage';

/** Writes screenshots of the console's pages to docs/console, taken from a running system with sample traffic. */
const FOLDER = fileURLToPath(new URL('../../docs/console', import.meta.url));
const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
const RENDER_MS = 1_500;
/** Stack traces contain the path of the checkout; screenshots show /srv/dbem instead. */
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const HIDE_CHECKOUT_PATH = `
  for (const element of document.querySelectorAll('pre'))
    element.textContent = element.textContent.replaceAll(${JSON.stringify(ROOT)}, '/srv/dbem/')
`;
const only = process.argv.slice(2);

const stage = await Stage.start(console.log);
const traffic = new SampleTraffic({ profileUrl: stage.app('profile').url, meanPauseMs: 120 });
const browser = await startBrowser(console.log);
try {
  traffic.start();
  mkdirSync(FOLDER, { recursive: true });
  const scene = await setScene(stage);
  const pages: readonly (readonly [name: string, path: string, prepare?: (page: Page) => Promise<void>])[] = [
    ['login', '/login'],
    ['overview', '/'],
    ['overview-subscription', `/?open=${encodeURIComponent('user.profile~billing')}`],
    ['flow', '/flow?minutes=5', (page) => page.getByRole('button', { name: /-\d+@/ }).first().waitFor()],
    ['event', '/flow?minutes=5', openFirstEvent],
    ['entity', `/entity?${new URLSearchParams(scene.entity)}`],
    ['parked', '/parked'],
    ['parked-event', `/parked?event=${encodeURIComponent(scene.parkedEvent)}`],
    ['subscriptions', '/subscriptions'],
    ['subscription', `/subscriptions?open=${encodeURIComponent('user.profile~sharing')}`],
    ['reconcile', '/reconcile'],
    ['run', `/reconcile?run=${scene.run}`],
    ['cluster', '/cluster'],
  ];
  for (const [variant, scheme, viewport] of [
    ['light', 'light', DESKTOP],
    ['dark', 'dark', DESKTOP],
    ['phone', 'light', PHONE],
  ] as const) {
    const context = await browser.newContext({
      viewport,
      colorScheme: scheme,
      reducedMotion: 'reduce',
      ...(variant === 'phone' && { hasTouch: true, isMobile: true }),
    });
    for (const [name, path, prepare] of pages) {
      if (only.length > 0 && !only.includes(name)) continue;
      const page = await openPage(context, name === 'login' ? undefined : stage.token, path);
      await prepare?.(page);
      // Charts and numbers render over time, without a condition to wait for.
      await page.waitForTimeout(RENDER_MS);
      await page.evaluate(HIDE_CHECKOUT_PATH);
      await page.screenshot({ path: `${FOLDER}/${name}-${variant}.png` });
      await page.close();
    }
    await context.close();
  }
  console.log(`Wrote the screenshots to ${FOLDER}.`);
} finally {
  await browser.close();
  await traffic.stop();
  await stage.stop();
}

async function openPage(context: BrowserContext, token: string | undefined, path: string): Promise<Page> {
  const page = await context.newPage();
  if (token !== undefined) {
    const session = JSON.stringify({ token, from: 'token' });
    await page.addInitScript(`sessionStorage.setItem('dbem.session', ${JSON.stringify(session)})`);
  }
  await page.goto(`${stage.app('event-manager').url}/console${path}`);
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  return page;
}

async function openFirstEvent(page: Page): Promise<void> {
  await page.getByRole('button', { name: /-\d+@/ }).first().click();
  await page.getByRole('heading', { name: 'Outcome' }).waitFor();
}
