import { createRequire } from 'node:module';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import chromium from '@sparticuz/chromium';
import { chromium as playwright, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiUnderTest, filledDatabase, type TestDatabase } from '@faultline/analytics/testing';

const serverUrl = process.env['FAULTLINE_TEST_DATABASE_URL'];
/** Where pictures of the page go, for documents; none are taken without it. */
const pictures = process.env['FAULTLINE_PICTURES'];
const root = fileURLToPath(new URL('../..', import.meta.url));
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Finding {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

describe.skipIf(serverUrl === undefined)('the page, in a real Chromium', () => {
  let database: TestDatabase;
  let app: Awaited<ReturnType<typeof apiUnderTest>>;
  let browser: Browser;
  let origin: string;
  const foreign: string[] = [];
  const complaints: string[] = [];

  beforeAll(async () => {
    execFileSync(
      process.execPath,
      [
        'node_modules/vite/bin/vite.js',
        'build',
        '-c',
        'services/analytics/page/vite.config.ts',
        '--logLevel',
        'error',
      ],
      { cwd: root },
    );
    database = await filledDatabase(serverUrl ?? '', 'page', Date.now());
    app = await apiUnderTest(database, Date.now, { pageFolder: `${root}/services/analytics/dist/page` });
    origin = await app.listen({ port: 0, host: '127.0.0.1' });
    browser = await playwright.launch({
      executablePath: await chromium.executablePath(),
      // one process for all ends with the first page that is closed
      args: chromium.args.filter((argument) => argument !== '--single-process'),
    });
  });
  afterAll(async () => {
    await browser?.close();
    await app?.close();
    await database?.drop();
  });

  const open = async (
    hash: string,
    options: { readonly width?: number; readonly dark?: boolean } = {},
  ): Promise<Page> => {
    const { width = 1_280, dark = false } = options;
    const page = await browser.newPage({
      viewport: { width, height: 900 },
      colorScheme: dark ? 'dark' : 'light',
      reducedMotion: 'reduce',
      locale: 'en-US', // without one, that of the C locale is none
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(origin) && !request.url().startsWith('data:'))
        foreign.push(request.url());
    });
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`${origin}/${hash}`);
    await page.locator('main h1, main h2').first().waitFor();
    await page.locator('.loading').waitFor({ state: 'detached' });
    return page;
  };
  const picture = async (page: Page, name: string, fullPage = false): Promise<void> => {
    if (pictures === undefined) return;
    mkdirSync(pictures, { recursive: true });
    await page.screenshot({ path: `${pictures}/${name}.png`, fullPage });
  };
  const seriousFindings = async (page: Page): Promise<readonly string[]> => {
    await page.evaluate(axe);
    const found = await page.evaluate<readonly Finding[]>(`axe.run().then(({ violations }) => violations)`);
    return found
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`);
  };

  test('the overview says what broke, how often, and what was done about it', async () => {
    const page = await open('');
    const line = (await (await fetch(`${origin}/api/v1/line`)).json()) as { readonly in: number };
    expect(await page.locator('h1').textContent()).toMatch(
      /\d+ errors in 24 hours: \d+ resolved by machine, \d+ escalated/,
    );
    await page.locator('.pulse.on').waitFor();
    expect(await page.locator('.stat', { hasText: 'received' }).locator('dd').textContent()).toBe(
      line.in.toLocaleString('en-US'),
    );
    expect(await page.locator('main').textContent()).toContain('every record accounted for');
    expect(await page.locator('.flow li').count()).toBe(6);
    expect(await page.locator('.chart canvas').count()).toBe(1);
    expect(await page.locator('.groups > li').count()).toBe(6);
    await picture(page, 'overview', true);
    await page.close();
  });

  test('from a group to an error: each decision with its reason, and the lines that decided marked', async () => {
    const page = await open('#/groups');
    await page.keyboard.press('/');
    await page.keyboard.type('TS2322');
    await page.waitForFunction(() =>
      [...document.querySelectorAll('.groups .title')].every(({ textContent }) =>
        textContent?.includes('TS2322'),
      ),
    );
    expect(await page.locator('.groups > li').count()).toBeGreaterThan(0);
    await picture(page, 'groups');
    await page.locator('.groups a').first().click();
    await page.locator('table.errors a').first().waitFor();
    await picture(page, 'group');
    await page.locator('.owner input').fill('ann');
    await page.locator('.owner input').blur();
    await page.getByRole('button', { name: 'Mark as resolved' }).click();
    await page.getByRole('button', { name: 'Open again' }).waitFor();
    await page.locator('table.errors a').first().click();
    await page.locator('.log .cause').waitFor();
    expect(await page.locator('.log .cause').textContent()).toContain('TS2322');
    const steps = await page.locator('.steps li').allTextContents();
    expect(steps.length).toBeGreaterThan(2);
    expect(steps[1]).toContain('classifier');
    expect(steps[1]).toMatch(/rule .* matched/);
    await picture(page, 'error', true);
    await page.close();
  });

  test('an incident is acknowledged, a dead letter sent again, a message read', async () => {
    const page = await open('#/incidents');
    await picture(page, 'incidents');
    const waiting = await page.getByRole('button', { name: 'Acknowledge' }).count();
    await page.getByRole('button', { name: 'Acknowledge' }).first().click();
    await page.waitForFunction(
      (before) =>
        [...document.querySelectorAll('button')].filter(({ textContent }) => textContent === 'Acknowledge')
          .length ===
        before - 1,
      waiting,
    );
    await page.goto(`${origin}/#/dead-letters`);
    await page.getByRole('button', { name: 'Send again' }).first().click();
    await page.getByText('sent again', { exact: true }).waitFor();
    await picture(page, 'dead-letters');
    const unread = Number(await page.locator('.unread').textContent());
    await page.goto(`${origin}/#/mailbox`);
    await page.locator('.mails summary').first().click();
    await page.getByText(`${unread - 1} unread of`).waitFor();
    await picture(page, 'mailbox');
    await page.goto(`${origin}/#/retries`);
    await page.getByText('What retrying was worth').waitFor();
    expect(await page.locator('tbody tr').count()).toBeGreaterThan(3);
    await picture(page, 'retries');
    await page.close();
  });

  test('the keyboard reaches everything: skip link, pages by letters', async () => {
    const page = await open('');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to content');
    await page.keyboard.press('g');
    await page.keyboard.press('i');
    await page.getByText('Waiting for somebody').waitFor();
    await page.close();
  });

  test.each([
    ['light', {}],
    ['dark', { dark: true }],
    ['phone', { width: 375 }],
  ] as const)('no serious finding of axe, and nothing wider than the screen: %s', async (name, options) => {
    const item = (await (await fetch(`${origin}/api/v1/errors?state=escalated&limit=1`)).json()) as {
      readonly items: readonly {
        readonly coordinate: string;
        readonly fingerprint: string;
      }[];
    };
    const [first] = item.items;
    const incidents = (await (await fetch(`${origin}/api/v1/incidents?limit=1`)).json()) as {
      readonly items: readonly { readonly id: string }[];
    };
    const pages = [
      '',
      '#/groups',
      '#/errors',
      '#/incidents',
      '#/retries',
      '#/dead-letters',
      '#/mailbox',
      '#/health',
      `#/errors/${encodeURIComponent(first?.coordinate ?? '')}`,
      `#/groups/${first?.fingerprint}`,
      `#/incidents/${incidents.items[0]?.id}`,
    ];
    for (const hash of pages) {
      const page = await open(hash, options);
      expect([hash, await seriousFindings(page)]).toEqual([hash, []]);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect([hash, Math.max(0, overflow)]).toEqual([hash, 0]);
      if (hash === '' || hash.startsWith('#/errors/'))
        await picture(page, `${name}-${hash === '' ? 'overview' : 'error'}`, true);
      await page.close();
    }
  });

  test('the first load is under 300 kB, asks nobody else, and nothing complained', async () => {
    const page = await browser.newPage({ locale: 'en-US' });
    let bytes = 0;
    page.on('response', (response) => {
      void response.body().then(
        (body) => {
          bytes += body.length;
        },
        () => undefined, // a stream that goes on
      );
    });
    await page.goto(origin);
    await page.locator('.chart canvas').waitFor();
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThan(300_000);
    await page.close();
    expect(foreign).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
