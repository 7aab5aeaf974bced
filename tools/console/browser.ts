import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { ensureInstalled } from '../servers/system-packages';

const DEBIAN_CHROMIUM = '/usr/bin/chromium';

/**
 * Starts a headless Chromium: the program in CHROMIUM, or else Debian's, which is installed if it is missing.
 *
 * @throws Error that names the missing package, if it can't be installed.
 */
export async function startBrowser(log: (line: string) => void): Promise<Browser> {
  const program = process.env['CHROMIUM'];
  if (program === undefined) {
    ensureInstalled(
      [
        {
          name: 'Chromium',
          debianPackage: 'chromium',
          otherwise: 'set CHROMIUM to the path of an installed Chromium or Chrome',
          isThere: () => existsSync(DEBIAN_CHROMIUM),
        },
      ],
      log,
    );
  }
  return chromium.launch({
    executablePath: program ?? DEBIAN_CHROMIUM,
    // Chromium's sandbox does not work for root; only our own pages are opened. Containers have little shared memory.
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-dev-shm-usage',
      '--force-color-profile=srgb',
    ],
  });
}
