import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  startStandIns,
  standInNames,
  type StandIns,
} from '../../../../test/support/stand-ins/start-stand-ins.ts';
import { parseEnv } from '@faultline/platform';
import { escalatorConfigSchema } from '../config.ts';
import { EscalatorBench } from '../testing/escalator-bench.ts';
import { classified, unresolved } from '../testing/sample-record.ts';
import { testDatabase, type TestDatabase } from '../testing/test-database.ts';
import { effectsComponent } from './effects-component.ts';

let database: TestDatabase;
let standIns: StandIns;

beforeAll(async () => {
  [database, standIns] = await Promise.all([testDatabase(), startStandIns()]);
});
afterAll(async () => {
  await Promise.all([database.drop(), standIns.stop()]);
});

describe('from escalated records to the outside, with everything failing once', () => {
  it('200 critical records of a group are one ticket, one page, one message, one mail', async () => {
    const bench = new EscalatorBench(database.pool);
    const { byName, env } = standIns;
    byName.linear.journal.setFault({ mode: 'drop-answer', times: 2 });
    byName.webhook.journal.setFault({ mode: 'bad-gateway', times: 1 });
    byName.pagerduty.journal.setFault({ mode: 'rate-limit', times: 1, retryAfterS: 1 });
    byName.slack.journal.setFault({ mode: 'rate-limit', times: 1, retryAfterS: 1 });
    byName.smtp.journal.setFault({ mode: 'server-error', times: 1 });
    const config = parseEnv(escalatorConfigSchema, {
      ...env,
      FAULTLINE_PUBLIC_URL: 'https://faultline.example',
    });
    const component = await effectsComponent(config, { random: () => 0 }).start(bench.context);
    try {
      bench.now = Date.now();
      const records = Array.from({ length: 200 }, () =>
        unresolved({ classification: classified({ severity: 'critical' }) }, { repository: 'acme/shop' }),
      );
      await Promise.all(
        [0, 1, 2, 3].map(async (part) => bench.deliver(records.slice(part * 50, part * 50 + 50))),
      );
      const open = async (): Promise<number> =>
        (await bench.rows(`SELECT FROM effects WHERE state NOT IN ('done', 'skipped')`)).length;
      for (let n = 0; n < 500 && (n === 0 || (await open()) > 0); n += 1) {
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    } finally {
      await component.stop(5_000);
    }
    expect(
      await bench.rows(
        `SELECT channel, state, attempts > 1 AS again FROM effects WHERE kind = 'open' ORDER BY channel`,
      ),
    ).toEqual(
      ['email', 'linear', 'pagerduty', 'slack', 'webhook'].map((channel) => ({
        channel,
        state: 'done',
        again: true,
      })),
    );
    const counts = Object.fromEntries(standInNames.map((name) => [name, byName[name].objects().length]));
    expect(counts).toEqual({ linear: 1, slack: 1, webhook: 1, smtp: 1, pagerduty: 1, codegen: 0 });
    for (const name of standInNames) expect(byName[name].journal.problems).toEqual([]);
    expect(byName.linear.objects()[0]).toMatchObject({
      priority: 1,
      attachments: [{ url: expect.stringContaining('https://faultline.example/incidents/') }],
    });
    expect(await bench.rows('SELECT records, links FROM incidents')).toMatchObject([
      { records: '200', links: { linear: 'https://linear.example/acme/issue/OPS-1' } },
    ]);
    expect(await bench.rows('SELECT * FROM mailbox')).toEqual([]);
  });
});
