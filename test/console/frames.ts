import type { Page } from 'playwright-core';
import { AppProcess } from '../../tools/apps/app-process';
import { startBrowser } from '../../tools/console/browser';
import { startServers } from '../../tools/servers/servers';
import { createMapRoot } from '../bench/harness/seed-map';
import { GeneratedSystem } from './generated-system';

/**
 * Measures how the overview renders a live topology of 200 services and 2,000 subscriptions: `npm run console:frames`.
 * Prints for each interaction the longest frame and the tasks that blocked the page for more than 50 ms. With a folder
 * as argument, it also writes screenshots there.
 */
const TOKEN = 'the-token-of-the-measurement';
const MEASURED_MS = 8_000;
const [folder] = process.argv.slice(2);

/** Runs in the page: records frame times and long tasks until `globalThis.measured` is called. */
const MEASURE = `
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
    globalThis.measured = () => {
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

const log = (line: string) => console.log(line);
const servers = await startServers({ purpose: 'frames', print: log });
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
const browser = await startBrowser(log);
try {
  await manager.waitUntilReady();
  await system.start();
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  const session = JSON.stringify(JSON.stringify({ token: TOKEN, from: 'token' }));
  await page.addInitScript(`sessionStorage.setItem('dbem.session', ${session})`);
  await page.goto(`${manager.url}/console/`);
  await page.getByRole('article').first().waitFor();
  await page.waitForTimeout(MEASURED_MS);
  log('2,000 subscriptions of 200 services, live:');
  await measure(page, 'idle, grouped by name', async () => {});
  await measure(page, 'groups, one of publishers and one of subscribers, opened and closed', async () => {
    for (const times of [1, 2]) {
      log(`  ${times === 1 ? 'open' : 'close'}`);
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
  await measure(page, 'panned and zoomed', async () => {
    await page.mouse.move(700, 640);
    await page.mouse.down();
    await page.mouse.move(400, 500, { steps: 30 });
    await page.mouse.up();
    await page.getByRole('button', { name: 'Zoom In' }).click();
    await page.getByRole('button', { name: 'Fit View' }).click();
  });
  await measure(page, 'focus on a service that is found by name', async () => {
    await page.getByLabel('Find a service').pressSequentially('billing.core', { delay: 60 });
    await page.getByRole('article', { name: 'Subscriber billing.core' }).waitFor();
    await screenshot(page, 'service');
    await page.getByLabel('Find a service').fill('');
  });
  await measure(page, 'list view', async () => {
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

async function measure(page: Page, name: string, interact: () => Promise<void>): Promise<void> {
  await page.evaluate(MEASURE);
  await interact();
  await page.waitForTimeout(MEASURED_MS);
  const { frames, longestMs, p99Ms, longTasks } = (await page.evaluate('globalThis.measured()')) as Frames;
  log(
    `${name}: ${frames} frames, the longest ${longestMs.toFixed(0)} ms, p99 ${p99Ms.toFixed(0)} ms; ` +
      `tasks over 50 ms: ${longTasks.map((ms) => ms.toFixed(0)).join(', ') || 'none'}`,
  );
  await screenshot(page, name.split(/[ ,:]/)[0] ?? '');
}

async function screenshot(page: Page, name: string): Promise<void> {
  if (folder !== undefined) await page.screenshot({ path: `${folder}/many-${name}.png` });
}
