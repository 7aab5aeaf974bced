import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startBrowser } from '../../../tools/console/browser';
import { waitFor } from '../waiting/wait-for';

/** Some states of the overview last one minute. */
const TIMEOUT_MS = 120_000;

export interface OpenOptions {
  /** The token to log in with; undefined: not logged in. */
  readonly token?: string;
  readonly theme?: 'light' | 'dark';
  /** Default: 1280 × 800. */
  readonly viewport?: { readonly width: number; readonly height: number };
}

/** A headless Chromium for the console. Collects the pages' errors and violations of the Content-Security-Policy. */
export class ConsoleBrowser {
  readonly errors: string[] = [];
  /** The URLs that pages have requested since the last `closePages`. */
  readonly requests: string[] = [];
  private readonly contexts: BrowserContext[] = [];

  private constructor(
    private readonly browser: Browser,
    private readonly consoleUrl: string,
  ) {}

  static async start(consoleUrl: string): Promise<ConsoleBrowser> {
    return new ConsoleBrowser(await startBrowser((line) => process.stderr.write(`${line}\n`)), consoleUrl);
  }

  /** Opens a page of the console in its own browser context. */
  async open(
    path: string,
    { token, theme = 'light', viewport = { width: 1280, height: 800 } }: OpenOptions,
  ): Promise<Page> {
    const context = await this.browser.newContext({ viewport, colorScheme: theme, reducedMotion: 'reduce' });
    context.setDefaultTimeout(TIMEOUT_MS);
    this.contexts.push(context);
    const page = await context.newPage();
    page.on('request', (request) => this.requests.push(request.url()));
    page.on('pageerror', (error) => this.errors.push(`${path}: ${error.message}`));
    page.on('console', (message) => {
      if (/content security policy/i.test(message.text())) this.errors.push(`${path}: ${message.text()}`);
    });
    if (token !== undefined) {
      const session = JSON.stringify(JSON.stringify({ token, from: 'token' }));
      await page.addInitScript(`sessionStorage.setItem('dbem.session', ${session})`);
    }
    await page.goto(`${this.consoleUrl}${path}`);
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    return page;
  }

  /** To call after each test: an open page would keep rendering. */
  async closePages(): Promise<void> {
    await Promise.all(this.contexts.splice(0).map((context) => context.close()));
    this.requests.length = 0;
  }

  async stop(): Promise<void> {
    await this.closePages();
    await this.browser.close();
  }
}

/** Resolves when no part of the page is loading. */
export async function waitUntilLoaded(page: Page): Promise<void> {
  await waitFor(async () => (await page.getByRole('status', { name: 'Loading' }).count()) === 0);
}
