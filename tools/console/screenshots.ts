import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import { SampleTraffic } from '../traffic/sample-traffic';
import { startBrowser } from './browser';
import { setScene } from './set-scene';
import { Stage } from './stage';

/** Writes a picture of each of the console's pages to docs/console, of a real system with some things going on. */
const FOLDER = fileURLToPath(new URL('../../docs/console', import.meta.url));
const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
const VERIFY_AFTER_MS = 1_500;
/** Stacks name the folder that the checkout happens to be in; a picture says /srv/dbem. */
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const WITHOUT_OUR_FOLDER = `
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
  for (const [look, scheme, viewport] of [
    ['light', 'light', DESKTOP],
    ['dark', 'dark', DESKTOP],
    ['phone', 'light', PHONE],
  ] as const) {
    const context = await browser.newContext({
      viewport,
      colorScheme: scheme,
      reducedMotion: 'reduce',
      ...(look === 'phone' && { hasTouch: true, isMobile: true }),
    });
    for (const [name, path, prepare] of pages) {
      if (only.length > 0 && !only.includes(name)) continue;
      const page = await opened(context, name === 'login' ? undefined : stage.token, path);
      await prepare?.(page);
      // Charts draw and numbers come: a picture has no condition to wait for.
      await page.waitForTimeout(VERIFY_AFTER_MS);
      await page.evaluate(WITHOUT_OUR_FOLDER);
      await page.screenshot({ path: `${FOLDER}/${name}-${look}.png` });
      await page.close();
    }
    await context.close();
  }
  console.log(`The pictures are in ${FOLDER}.`);
} finally {
  await browser.close();
  await traffic.stop();
  await stage.stop();
}

async function opened(context: BrowserContext, token: string | undefined, path: string): Promise<Page> {
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
  await page.getByRole('heading', { name: 'Its fate' }).waitFor();
}
