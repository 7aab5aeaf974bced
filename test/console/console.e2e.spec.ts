import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityViolationsOf } from '../support/console/accessibility-violations';
import { ConsoleBrowser, waitUntilLoaded } from '../support/console/console-browser';
import { ConsoleSystem } from '../support/console/console-system';
import { beginWithLastAttempt } from '../support/parking/begin-with-last-attempt';
import { waitFor } from '../support/waiting/wait-for';

describe('The console in a browser', { timeout: 300_000 }, () => {
  let system: ConsoleSystem;
  let browser: ConsoleBrowser;
  let operator: { token: string };

  beforeAll(async () => {
    system = await ConsoleSystem.start(['event-manager', 'sharing']);
    browser = await ConsoleBrowser.start(system.consoleUrl);
    operator = { token: system.tokens.operator };
  });

  afterEach(async () => {
    await browser?.closePages();
  });

  afterAll(async () => {
    await browser?.stop();
    await system?.stop();
  });

  /** A page opens one stream for the live tail: a second one would miss the events before it. */
  const tailsOpened = () => browser.requests.filter((url) => url.includes('/events/tail'));

  it('The login accepts a valid token only, and keeps it out of URLs and persistent storage', async () => {
    const page = await browser.open('/parked', {});
    await page.getByLabel('Admin token').fill('an-invalid-token');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('alert').getByText('does not accept this token').waitFor();
    await page.getByLabel('Admin token').fill(system.tokens.operator);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('heading', { name: 'Parked', level: 1 }).waitFor();
    expect(page.url()).toBe(`${system.consoleUrl}/parked`);
    expect(await page.evaluate('JSON.stringify([{ ...localStorage }, document.cookie])')).not.toContain(
      system.tokens.operator,
    );
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    expect(await page.evaluate('sessionStorage.length')).toBe(0);
  });

  it('The live tail shows a change as an event, with its entity and its outcome in each subscriber', async () => {
    const page = await browser.open('/flow', operator);
    await page.getByText('following').waitFor();
    await system.createUser('ada');
    await page.getByRole('button', { name: 'ada@seagrid' }).first().click();
    const event = page.getByRole('dialog', { name: 'ada@seagrid' });
    for (const service of ['sharing', 'registry']) {
      await event.getByRole('listitem').filter({ hasText: service }).getByText('applied', { exact: true }).waitFor();
    }
    await event.getByRole('region', { name: 'Entity' }).getByText('Lovelace').waitFor();
    expect(tailsOpened()).toEqual([expect.stringContaining('content=true')]);
    await event.getByRole('link', { name: 'Where is this entity?' }).click();
    await page.getByText('Every replica matches the source.').waitFor();
    await system.waitUntilEqual();
  });

  it('The live tail shows a viewer which entities change, but not their content', async () => {
    const page = await browser.open('/flow', { token: system.tokens.viewer });
    await page.getByText('following').waitFor();
    await system.createUser('grace');
    await page.getByRole('button', { name: 'grace@seagrid' }).first().click();
    await page.getByText('Only operators can see the content').waitFor();
    expect(await page.getByText('Lovelace').count()).toBe(0);
    expect(tailsOpened()).toEqual([expect.not.stringContaining('content')]);
  });

  it('The overview shows a killed subscriber in red with a growing backlog, and in green after its recovery', async () => {
    const page = await browser.open('/', operator);
    const line = (tone: string) => page.locator(`[data-line="user.profile~sharing"][data-tone="${tone}"]`);
    await line('ok').waitFor({ state: 'attached' });
    await system.kill('sharing');
    await line('bad').waitFor({ state: 'attached' });
    await page.getByRole('link', { name: /No consumer for sharing’s events/ }).waitFor();
    for (let index = 0; index < 7; index += 1) await system.createUser(`waiting-${index}`);
    // At least: heartbeats wait in the queue, too.
    const row = page.getByRole('button', { name: /user.profile to sharing: no consumer/ });
    await waitFor(async () => Number(/(\d+) wait/.exec((await row.textContent()) ?? '')?.[1]) >= 7);
    await row.click();
    await page.getByRole('region', { name: 'Subscription' }).getByText('Start an instance of sharing').waitFor();
    await system.startService('sharing');
    await line('ok').waitFor({ state: 'attached' });
    await expect.poll(() => page.locator('.trouble').allTextContents(), { timeout: 100_000 }).toEqual([]);
    await page.getByText('All clear').waitFor();
    await system.waitUntilEqual();
  });

  it('A parked event can be inspected, redriven in a dry run, and redriven', async () => {
    const { pool } = system.database('sharing');
    await system.app('sharing').stop();
    await system.createUser('mallory');
    await beginWithLastAttempt(system.amqpUrl, 'sharing', 'mallory');
    await pool.query("ALTER TABLE sharing_user ADD CONSTRAINT no_mallory CHECK (user_id <> 'mallory@seagrid')");
    await system.startService('sharing');
    const page = await browser.open('/', operator);
    await page.getByRole('link', { name: /1 event parked by sharing/ }).click();
    await page.getByRole('button', { name: 'mallory@seagrid' }).click();
    const detail = page.getByRole('dialog', { name: 'mallory@seagrid' });
    await detail.getByText('HANDLER_FAILED').waitFor();
    await detail.getByText('no_mallory').first().waitFor();
    await detail.getByRole('region', { name: 'Entity' }).getByText('Lovelace').waitFor();
    await detail.getByRole('button', { name: 'Close' }).click();
    await detail.waitFor({ state: 'detached' });

    await pool.query('ALTER TABLE sharing_user DROP CONSTRAINT no_mallory');
    await page.getByRole('button', { name: 'Redrive…' }).click();
    const redrive = page.getByRole('dialog', { name: 'Redrive parked events' });
    await redrive.getByRole('button', { name: 'Dry run' }).click();
    await redrive.getByRole('region', { name: 'Result of the dry run' }).getByText('Relevant').waitFor();
    expect(await system.parkedEvents()).toHaveLength(1);
    await redrive.getByRole('button', { name: 'Redrive', exact: true }).click();
    await page.getByText('No matching parked events').waitFor();
    await system.waitUntilEqual();
  });

  it('An unreadable message can be discarded with a reason, which the audit trail records', async () => {
    const page = await browser.open('/parked', operator);
    await system.publish(Buffer.from('this is not Thrift'));
    await page.getByRole('button', { name: 'unreadable message' }).click();
    await page.getByRole('button', { name: 'Discard…' }).click();
    const discard = page.getByRole('dialog', { name: 'Discard this event?' });
    expect(await discard.getByRole('button', { name: 'Discard permanently' }).isDisabled()).toBe(true);
    await discard.getByLabel('Reason').fill('a test message');
    await discard.getByRole('button', { name: 'Discard permanently' }).click();
    await page.getByText('No parked events').waitFor();
    await page.getByRole('link', { name: 'Cluster' }).click();
    await page.getByRole('table', { name: 'Audit trail' }).getByText('discarded a parked event').first().waitFor();
  });

  it('An audit finds planted drift, shows the differences, and leads to a repair', async () => {
    const { pool } = system.database('sharing');
    await pool.query("DELETE FROM sharing_user WHERE user_id = 'ada@seagrid'");
    await pool.query("UPDATE sharing_user SET first_name = 'Nobody' WHERE user_id = 'grace@seagrid'");
    const entity = await browser.open('/entity?publisher=user.profile&type=USER_PROFILE&id=grace@seagrid', operator);
    await entity.getByRole('row', { name: /sharing.*firstName.*Nobody/ }).waitFor();
    const page = await browser.open('/reconcile', operator);
    await page.getByRole('button', { name: 'Start a run' }).click();
    const start = page.getByRole('dialog', { name: 'Start a run' });
    await start.getByLabel('Source (publisher)').selectOption('user.profile');
    await start.getByLabel('Replica (subscriber)').selectOption('sharing');
    await start.getByLabel('Entity type').selectOption('USER_PROFILE');
    await start.getByRole('button', { name: 'Start the audit' }).click();
    const audit = page.getByRole('dialog', { name: 'audit of sharing' });
    await audit.getByText('1 missing, 1 different').waitFor();
    await audit.getByRole('row', { name: 'ada@seagrid' }).waitFor();
    await audit.getByRole('row', { name: /grace@seagrid.*first/i }).waitFor();
    await audit.getByRole('button', { name: 'Repair…' }).click();
    await page.getByRole('button', { name: 'Start the repair' }).click();
    await page.getByRole('table', { name: 'Runs' }).getByText('1 missing, 1 different, repaired').waitFor();
    await system.waitUntilEqual();
    await page.getByRole('button', { name: 'repair', exact: true }).first().click();
    await page.getByText(/equal as of version \d+/).waitFor();
  });

  it('A subscription of a service that has never run can be added, narrowed and removed', async () => {
    const page = await browser.open('/subscriptions', operator);
    await page.getByRole('button', { name: 'Add a subscription' }).click();
    await page.getByRole('dialog').getByLabel('Publisher').fill('user.profile');
    await page.getByRole('dialog').getByLabel('Subscriber').fill('billing');
    await page.getByRole('button', { name: 'Subscribe', exact: true }).click();
    await page.getByRole('button', { name: 'user.profile to billing' }).click();
    const detail = page.getByRole('dialog', { name: 'user.profile → billing' });
    await detail.getByRole('region', { name: 'Route receipt' }).getByText('billing.queue').first().waitFor();
    await detail.getByRole('button', { name: 'Narrow…' }).click();
    await page.getByLabel('TENANT').check();
    await page.getByRole('button', { name: 'Narrow', exact: true }).click();
    await detail.getByText('TENANT').waitFor();
    await detail.getByRole('button', { name: 'Remove…' }).click();
    await page.getByLabel('Also delete its queue').check();
    await page.getByRole('button', { name: 'Remove subscription' }).click();
    await waitFor(
      async () => (await system.admin('GET', '/subscriptions/user.profile/billing/receipt')).status === 404,
    );
    await page.getByRole('button', { name: 'user.profile to billing' }).waitFor({ state: 'detached' });
    await system.waitUntilEqual();
  });

  it('A subscription can be paused, shows its waiting events, and can be resumed', async () => {
    const page = await browser.open('/subscriptions?open=user.profile~sharing', operator);
    const detail = page.getByRole('dialog', { name: 'user.profile → sharing' });
    await detail.getByRole('button', { name: 'Pause' }).click();
    await detail.getByText('paused', { exact: true }).waitFor();
    await system.createUser('waiting');
    await waitFor(async () => {
      await detail.getByRole('button', { name: 'Check again' }).click();
      return (
        (await detail.getByText(/db\.event\.paused/).count()) > 0 &&
        (await detail.getByText(/[1-9]\d* events? wait/).count()) > 0
      );
    });
    await detail.getByText(/^Paused by/).waitFor();
    await detail.getByRole('button', { name: 'Resume' }).click();
    await detail.getByText('live', { exact: true }).waitFor();
    await system.waitUntilEqual();
  });

  it('A viewer sees no controls that change anything, and the event manager refuses their changes', async () => {
    const viewer = { token: system.tokens.viewer };
    const page = await browser.open('/parked', viewer);
    const expectNoControls = async (heading: string) => {
      await page.getByRole('heading', { name: heading, level: 1 }).waitFor();
      await page.getByText('the viewer').waitFor();
      await waitUntilLoaded(page);
      const controls = /^(Redrive|Discard|Add a sub|Pause|Resume|Narrow|Remove|Start|Schedule|Cancel|Repair)/;
      expect(await page.getByRole('button', { name: controls }).count(), heading).toBe(0);
    };
    await expectNoControls('Parked');
    await page.getByRole('link', { name: 'Subscriptions' }).click();
    await page.getByRole('button', { name: 'user.profile to sharing' }).waitFor();
    await expectNoControls('Subscriptions');
    await page.getByRole('button', { name: 'user.profile to sharing' }).click();
    const detail = page.getByRole('dialog', { name: 'user.profile → sharing' });
    await detail.getByRole('region', { name: 'Route receipt' }).getByText('sharing.queue').first().waitFor();
    await expectNoControls('Subscriptions');
    await detail.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('link', { name: 'Reconcile' }).click();
    await page.getByRole('table', { name: 'Runs' }).waitFor();
    await expectNoControls('Reconcile');
    const { status } = await system.admin('POST', '/subscriptions/user.profile/sharing/pause', undefined, viewer.token);
    expect(status).toBe(403);
  });

  it('The keyboard reaches the skip link first, and a closed dialog returns the focus', async () => {
    const page = await browser.open('/subscriptions', operator);
    const subscription = page.getByRole('button', { name: 'user.profile to sharing' });
    await subscription.waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to content');
    await subscription.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'user.profile → sharing' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe('user.profile to sharing');
  });

  it('The overview has no serious accessibility violation', async () => {
    const page = await browser.open('/', operator);
    await page.locator('[data-line="user.profile~sharing"]').waitFor({ state: 'attached' });
    expect(await accessibilityViolationsOf(page)).toEqual([]);
  });

  it('The console shows that its connection is lost, and reconnects when the event manager is back', async () => {
    const page = await browser.open('/', operator);
    await page.getByText('Live', { exact: true }).waitFor();
    await system.kill('event-manager');
    await page.getByText('Connection lost').waitFor();
    await page.getByText('This data is no longer live.').waitFor();
    await system.startManager();
    await page.getByText('Live', { exact: true }).waitFor();
    await system.createUser('after');
    await system.waitUntilEqual();
  });

  it('The pages violate no Content-Security-Policy and throw no error', () => {
    expect(browser.errors).toEqual([]);
  });
});
