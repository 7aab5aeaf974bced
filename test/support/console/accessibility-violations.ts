import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { waitUntilLoaded } from './console-browser';

/** The serious and critical violations that axe finds on a page, once it has loaded. */
export async function accessibilityViolationsOf(page: Page): Promise<string[]> {
  await waitUntilLoaded(page);
  await page.evaluate(axe.source);
  const { violations } = (await page.evaluate('axe.run(document)')) as AxeResults;
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join('\n')}`,
    );
}
