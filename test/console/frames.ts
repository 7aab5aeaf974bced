import type { Page } from 'playwright-core';
import { AppProcess } from '../../tools/apps/app-process';
import { startBrowser } from '../../tools/console/browser';
import { startServers } from '../../tools/servers/servers';
import { createMapRoot } from '../bench/harness/seed-map';
import { GeneratedSystem } from './generated-system';

/**
 * Measures how the overview draws 200 services and 2,000 subscriptions while they live: `npm run console:frames`. Says of each thing
 * that one does how long the longest frame took, and which tasks kept the page busy for longer than 50 ms. With a folder as argument
 * it writes pictures there, too.
 */
const TOKEN = 'the-token-of-the-measurement';
const WATCHED_MS = 8_000;
const [folder] = process.argv.slice(2);

/** Runs in the page: notes the time from each frame to the next, and long tasks, until it is asked. */
const WATCH = `
  (() => {
    const times = [];
    const longTasks = [];
    let last = performance.now();
    let isOver = false;
    const observer = new PerformanceObserver((list) => longTasks.push(...list.getEntries().map(({ duration }) => duration)));
    observer.observe({ entryTypes: ['longtask'] });
    const next = (now) => {
      times.push(now - last);
      last = now;
      if (!isOver) requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
    globalThis.watched = () => {
      isOver = true;
      observer.disconnect();
      const sorted = times.slice(1).sort((one, other) => one - other);
      return {
        frames: sorted.length,
        longestMs: sorted.at(-1),
        p99Ms: sorted[Math.floor(sorted.length * 0.99)],
        longTasks,
      };
    };
  })()
`;

interface Frames {
  readonly frames: number;
  readonly longestMs: number;
  readonly p99Ms: number;
  readonly longTasks: readonly number[];
}

const say = (line: string) => console.log(line);
const servers = await startServers({ purpose: 'frames', say });
const zooKeeperConnect = await createMapRoot(servers.zooKeeperConnect, '/generated');
const system = new GeneratedSystem({ amqpUrl: servers.amqpUrl, zooKeeperConnect });
await system.seed();
const manager = await AppProcess.start({
  app: 'event-manager',
  env: {
    AMQP_URL: servers.amqpUrl,
    ZOOKEEPER_CONNECT: zooKeeperConnect,
    ADMIN_TOKEN: TOKEN,
    ADMIN_RATE_LIMIT: '100000',
  },
  logFolder: servers.folder,
});
const browser = await startBrowser(say);
try {
  await manager.waitUntilReady();
  await system.start();
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  const session = JSON.stringify(JSON.stringify({ token: TOKEN, from: 'token' }));
  await page.addInitScript(`sessionStorage.setItem('dbem.session', ${session})`);
  await page.goto(`${manager.url}/console/`);
  await page.getByRole('article').first().waitFor();
  await page.waitForTimeout(WATCHED_MS);
  say('2,000 subscriptions of 200 services, live:');
  await watched(page, 'looked at, grouped by name', async () => {});
  await watched(page, 'a group of publishers and one of subscribers opened and closed', async () => {
    for (const times of [1, 2]) {
      say(`  ${times === 1 ? 'open' : 'close'}`);
      await page
        .getByRole('button', { name: /^billing/ })
        .first()
        .click();
      await page
        .getByRole('button', { name: /^search/ })
        .last()
        .click();
      await page.waitForTimeout(1_500);
    }
  });
  await watched(page, 'moved and zoomed', async () => {
    await page.mouse.move(700, 640);
    await page.mouse.down();
    await page.mouse.move(400, 500, { steps: 30 });
    await page.mouse.up();
    await page.getByRole('button', { name: 'Zoom In' }).click();
    await page.getByRole('button', { name: 'Fit View' }).click();
  });
  await watched(page, 'a service found by name, and its neighbours shown', async () => {
    await page.getByLabel('Find a service').pressSequentially('billing.core', { delay: 60 });
    await page.getByRole('article', { name: 'Subscriber billing.core' }).waitFor();
    await picture(page, 'focus');
    await page.getByLabel('Find a service').fill('');
  });
  await watched(page, 'as a list', async () => {
    await page.getByText('List', { exact: true }).click();
    await page.waitForTimeout(2_000);
    await page.getByText('Graph', { exact: true }).click();
  });
} finally {
  await browser.close();
  await system.stop();
  await manager.stop();
  await servers.stop();
}
process.exit(0);

async function watched(page: Page, what: string, act: () => Promise<void>): Promise<void> {
  await page.evaluate(WATCH);
  await act();
  await page.waitForTimeout(WATCHED_MS);
  const { frames, longestMs, p99Ms, longTasks } = (await page.evaluate('globalThis.watched()')) as Frames;
  say(
    `${what}: ${frames} frames, the longest ${longestMs.toFixed(0)} ms, p99 ${p99Ms.toFixed(0)} ms; ` +
      `tasks over 50 ms: ${longTasks.map((ms) => ms.toFixed(0)).join(', ') || 'none'}`,
  );
  await picture(page, what.split(/[ ,:]/)[0] ?? '');
}

async function picture(page: Page, name: string): Promise<void> {
  if (folder !== undefined) await page.screenshot({ path: `${folder}/many-${name}.png` });
}
