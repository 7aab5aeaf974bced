import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { ensureInstalled } from '../servers/system-packages';

const DEBIAN_CHROMIUM = '/usr/bin/chromium';

/**
 * A headless Chromium: that of CHROMIUM, else Debian's, which is installed if it is not there and we may.
 *
 * @throws Error that names what to install, where it is not allowed.
 */
export async function startBrowser(say: (line: string) => void): Promise<Browser> {
  const given = process.env['CHROMIUM'];
  if (given === undefined) {
    ensureInstalled(
      [
        {
          name: 'Chromium',
          debianPackage: 'chromium',
          otherwise: 'set CHROMIUM to the program of a Chromium or Chrome that is installed',
          isThere: () => existsSync(DEBIAN_CHROMIUM),
        },
      ],
      say,
    );
  }
  return chromium.launch({
    executablePath: given ?? DEBIAN_CHROMIUM,
    // Chromium's sandbox does not work for root, and what is looked at are our own pages. The second: containers have little shared memory.
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-dev-shm-usage',
      '--force-color-profile=srgb',
    ],
  });
}
