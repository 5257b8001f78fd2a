import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { escalatorConfigSchema } from '../config.ts';
import type { Channel, Notice, Outgoing } from './channel.ts';
import { configuredChannels } from './configured-channels.ts';
import { linearIssueId } from './linear.ts';
import { linearAccess } from '../../../../test/support/stand-ins/linear.ts';
import { startStandIns, type StandIns } from '../../../../test/support/stand-ins/start-stand-ins.ts';
import type { FaultMode } from '../../../../test/support/stand-ins/stand-in.ts';

type Kind = Notice['kind'];
type Name = Channel['name'];

const INCIDENT = '5f3c0f0e-8f3a-4b7e-9d2a-111111111111';
const OPENED = 1_700_000_000_000;
const HASTY_MS = 300; // for answers that never come
const PATIENT_MS = 10_000;

const incident: Notice['incident'] = {
  id: INCIDENT,
  groupKey: 'fp-dns',
  episode: 1,
  previous: null,
  status: 'open',
  level: 'human',
  severity: 'high',
  priority: 2,
  title: 'DNS lookup of registry.example failed in acme/shop',
  summary: '### Cause\nThe resolver did not answer.',
  repository: 'acme/shop',
  facts: { category: 'network.dns' },
  firstCoordinate: { topicId: 't', partition: 0, offset: 1 },
  firstEventId: 'e',
  records: 3,
  openedAt: OPENED,
  lastRecordAt: OPENED,
  deadline: OPENED + 3_600_000,
  endedAt: null,
  policy: 'default@baseline',
  route: 'default',
  timing: { groupWaitMs: 0, groupIntervalMs: 0, repeatIntervalMs: 0, reopenWithinMs: 0 },
  channels: [],
  told: [],
  flushAt: null,
  notifiedAt: null,
  notifiedRecords: 0,
  notices: 0,
  reopened: false,
  sequence: 1,
  packet: null,
  links: {},
};

type Built = Readonly<Partial<Record<Name, Channel>>>;
let standIns: StandIns;
let patient: Built;
let hasty: Built;

beforeAll(async () => {
  standIns = await startStandIns();
  const build = (timeoutMs: number): Built => {
    const config = escalatorConfigSchema.parse({
      ...standIns.env,
      FAULTLINE_EFFECT_TIMEOUT_MS: String(timeoutMs),
      LINEAR_LABEL_IDS: linearAccess.label,
      LINEAR_DELEGATE_ID: 'agent-user',
    });
    return configuredChannels(config, Date.now) as Built;
  };
  patient = build(PATIENT_MS);
  hasty = build(HASTY_MS);
});
afterAll(async () => standIns.stop());
afterEach(() => {
  // The stand-ins check every request as strictly as the vendor does: nothing may have been wrong with any.
  for (const standIn of Object.values(standIns.byName)) {
    const { problems } = standIn.journal;
    standIn.clear();
    if (problems.length > 0) throw new Error(`${standIn.name}: ${problems.join(', ')}`);
  }
});

const standInOf = {
  linear: 'linear',
  slack: 'slack',
  webhook: 'webhook',
  email: 'smtp',
  pagerduty: 'pagerduty',
  codegen: 'codegen',
} as const satisfies Record<Name, keyof StandIns['byName']>;
const side = (name: Name) => standIns.byName[standInOf[name]];

function channel(name: Name, built: Built = patient): Channel {
  const found = built[name];
  if (found === undefined) throw new Error(`${name} is not configured`);
  return found;
}

function outgoing(
  name: Name,
  kind: Kind,
  part: Partial<Notice['incident']> = {},
  attempt = 1,
  sequence = 0,
): Outgoing {
  const effectId = `6a1d2c3b-0000-4000-8000-${name
    .padEnd(6, '0')
    .slice(0, 6)
    .replace(/[^a-f0-9]/g, '0')}${kind.length}${String(sequence).padStart(5, '0')}`;
  const notice: Notice = {
    effectId,
    kind,
    incident: { ...incident, ...part },
    at: OPENED + 1_000,
    url: `https://faultline.example/incidents/${INCIDENT}`,
  };
  return { effectId, kind, payload: channel(name).render(notice), attempt, doubtful: attempt > 1 };
}

const classA: readonly Name[] = ['linear', 'webhook', 'pagerduty'];
const names: readonly Name[] = [...classA, 'codegen', 'slack', 'email'];

describe.each(names)('%s', (name) => {
  const send = async (kind: Kind = 'open', attempt = 1, built: Built = patient) =>
    channel(name, built).send([outgoing(name, kind, {}, attempt)]);
  const fault = (mode: FaultMode, times = 1, retryAfterS?: number): void =>
    side(name).journal.setFault({ mode, times, ...(retryAfterS === undefined ? {} : { retryAfterS }) });

  it('is done, and one thing is there', async () => {
    expect(await send()).toMatchObject({ kind: 'done' });
    expect(side(name).objects()).toHaveLength(1);
  });

  it.each<[FaultMode, string, boolean | undefined]>([
    ['time-out', 'retry', true],
    ['drop-answer', 'retry', true],
    ['rate-limit', 'retry', false],
    ['refuse', name === 'webhook' ? 'gone' : 'refused', undefined],
  ])('%s: %s', async (mode, kind, doubtful) => {
    fault(mode, 1, 7);
    // An agent run is looked for before it is asked for, and a look that fails makes nothing.
    const expected = name === 'codegen' && doubtful === true ? false : doubtful;
    const says = mode === 'rate-limit' && name !== 'email' ? { retryAfterMs: 7_000 } : {};
    expect(await send('open', 1, mode === 'time-out' ? hasty : patient)).toMatchObject({
      kind,
      ...says,
      ...(expected === undefined ? {} : { doubtful: expected }),
    });
  });

  it('retries what may pass', async () => {
    fault('server-error', 10);
    expect(await send()).toMatchObject({ kind: 'retry' });
    expect(side(name).objects()).toEqual([]);
  });

  it('ends although nobody ever answers', async () => {
    fault('time-out', 10);
    expect(await send('open', 2, hasty)).toMatchObject({ kind: 'retry' });
  });
});

describe('the same effect again, after an answer that was lost', () => {
  it.each(classA)('%s: one object for each id', async (name) => {
    side(name).journal.setFault({ mode: 'drop-answer', times: 1 });
    expect(await channel(name).send([outgoing(name, 'open')])).toMatchObject({
      kind: 'retry',
      doubtful: true,
    });
    expect(await channel(name).send([outgoing(name, 'open', {}, 2)])).toMatchObject({ kind: 'done' });
    expect(side(name).objects()).toHaveLength(1);
  });

  it('codegen: the run is found before another is asked for', async () => {
    const { journal } = side('codegen');
    const first = await channel('codegen').send([outgoing('codegen', 'open')]);
    expect(first).toMatchObject({ kind: 'done', references: expect.any(Object) });
    const again = await channel('codegen').send([outgoing('codegen', 'open', {}, 2)]);
    expect(again).toEqual(first);
    expect(side('codegen').objects()).toHaveLength(1);
    expect(journal.received.map(({ operation }) => operation)).toEqual([
      'GET /runs',
      'POST /run',
      'GET /runs',
    ]);
  });

  it.each<Name>(['slack', 'email'])(
    '%s takes no id: a repeat is a second message, and it is known to be one',
    async (name) => {
      side(name).journal.setFault({ mode: 'drop-answer', times: 1 });
      expect(await channel(name).send([outgoing(name, 'open')])).toMatchObject({
        kind: 'retry',
        doubtful: true,
      });
      await new Promise((resolve) => setTimeout(resolve, name === 'slack' ? 1_000 : 0));
      expect(await channel(name).send([outgoing(name, 'open', {}, 2)])).toMatchObject({ kind: 'done' });
      expect(side(name).objects()).toHaveLength(2);
    },
  );

  it('email: a repeat has the Message-ID of the first, so that a reader can tell', async () => {
    await channel('email').send([outgoing('email', 'open')]);
    await channel('email').send([outgoing('email', 'open', {}, 2)]);
    const ids = side('email')
      .objects()
      .map((mail) => (mail as { messageId: string }).messageId);
    expect(ids).toEqual([`<${INCIDENT}@example.com>`, `<${INCIDENT}@example.com>`]);
  });
});

describe('codegen', () => {
  it.each([
    ['PENDING', 'running'],
    ['Active', 'running'],
    ['something new', 'running'],
    ['COMPLETE', 'complete'],
    ['failed', 'failed'],
    ['ERROR', 'failed'],
    ['cancelled', 'failed'],
    ['STOPPED', 'failed'],
  ])('a run that says %s is %s', async (status, kind) => {
    await channel('codegen').send([outgoing('codegen', 'open')]);
    Object.assign(side('codegen').objects()[0] as object, {
      status,
      github_pull_requests: [{ url: 'https://github.example/pull/1' }],
    });
    const seen = await channel('codegen').poll?.('1');
    expect(seen).toEqual({ kind, status: status.toLowerCase(), url: 'https://github.example/pull/1' });
  });

  it('a run that cannot be seen still runs', async () => {
    side('codegen').journal.setFault({ mode: 'server-error', times: 1 });
    expect(await channel('codegen').poll?.('1')).toMatchObject({ kind: 'running' });
  });
});

describe('linear', () => {
  interface Ticket {
    readonly id: string;
    readonly priority: number;
    readonly stateId: string;
    readonly delegateId: string | null;
    readonly labelIds: readonly string[];
    readonly comments: readonly { readonly body: string }[];
    readonly attachments: readonly { readonly url: string }[];
  }
  const ticket = (): Ticket => side('linear').objects()[0] as Ticket;
  const send = async (kind: Kind, part: Partial<Notice['incident']> = {}, attempt = 1, sequence = 0) =>
    channel('linear').send([outgoing('linear', kind, part, attempt, sequence)]);

  it('makes a ticket with our id, its priority and its labels, and links it', async () => {
    const result = await send('open', { level: 'codegen' });
    expect(result).toMatchObject({ kind: 'done' });
    expect(ticket()).toMatchObject({
      id: linearIssueId(INCIDENT),
      priority: 2,
      delegateId: 'agent-user',
      labelIds: [linearAccess.label],
      attachments: [{ url: `https://faultline.example/incidents/${INCIDENT}` }],
    });
  });

  it.each(['IssueCreate', 'Issue', 'AttachmentCreate'])(
    'is one ticket when the answer to %s is lost',
    async (operation) => {
      const { journal } = side('linear');
      const next = journal.nextFault.bind(journal);
      let lost = false;
      // The fault is chosen by how many requests came before: the order of the first call is create, look up, attach.
      const order = ['IssueCreate', 'Issue', 'AttachmentCreate'];
      journal.nextFault = () => {
        if (!lost && journal.received.length === order.indexOf(operation)) {
          lost = true;
          return { mode: 'drop-answer' };
        }
        return next();
      };
      expect(await send('open')).toMatchObject({ kind: 'retry', doubtful: true });
      expect(await send('open', {}, 2)).toMatchObject({ kind: 'done' });
      journal.nextFault = next;
      expect(side('linear').objects()).toHaveLength(1);
      expect(ticket().attachments).toHaveLength(1);
    },
  );

  it('is one ticket even where a second instance believes to be first', async () => {
    await send('open');
    expect(await send('open')).toMatchObject({ kind: 'done' });
    expect(side('linear').objects()).toHaveLength(1);
  });

  it('closes, opens again and raises, each comment once however often', async () => {
    await send('open');
    await send('resolve', { status: 'resolved' }, 1, 1);
    expect(ticket()).toMatchObject({ stateId: 'state-done' }); // the one of its type that comes first
    await send('resolve', { status: 'resolved' }, 2, 1);
    expect(ticket().comments).toHaveLength(1);
    await send('reopen', {}, 1, 2);
    expect(ticket()).toMatchObject({ stateId: 'state-todo' });
    await send('expire', { status: 'expired' }, 1, 3);
    expect(ticket()).toMatchObject({ priority: 1 });
    expect(ticket().comments.map(({ body }) => body)).toEqual([
      'Ended in Faultline: resolved, 3 records.',
      'It happened again: 3 records so far.',
      'Nobody ended it by 2023-11-14T23:13:20.000Z: 3 records.',
    ]);
  });

  it('has nothing to close where there never was a ticket', async () => {
    expect(await send('resolve', { status: 'resolved' })).toMatchObject({ kind: 'done' });
    expect(side('linear').objects()).toEqual([]);
  });
});

describe('pagerduty', () => {
  it('triggers, acknowledges and resolves one alert', async () => {
    const pager = channel('pagerduty');
    for (const [index, kind] of (['open', 'acknowledge', 'expire', 'resolve'] as const).entries()) {
      expect(await pager.send([outgoing('pagerduty', kind, {}, 1, index)])).toMatchObject({ kind: 'done' });
    }
    expect(side('pagerduty').objects()).toEqual([{ key: INCIDENT, status: 'resolved', events: 4 }]);
    expect(side('pagerduty').journal.dump()).not.toContain(standIns.env['PAGERDUTY_ROUTING_KEY']);
  });
});

describe('email', () => {
  it('threads the mails of an incident', async () => {
    await channel('email').send([outgoing('email', 'open')]);
    await channel('email').send([outgoing('email', 'resolve')]);
    const mails = side('email').objects() as { headers: Record<string, string>; to: string[] }[];
    const root = `<${INCIDENT}@example.com>`;
    expect(mails[0]?.headers).toMatchObject({
      'message-id': root,
      subject: expect.stringContaining('[high] DNS lookup'),
    });
    expect(mails[1]?.headers).toMatchObject({ 'in-reply-to': root, references: root });
    expect(mails[1]?.headers['message-id']).not.toBe(root);
    expect(mails[0]?.to).toEqual(['oncall@example.com']);
  });
});

describe('slack', () => {
  const hostile = '<!channel> & <@U1> `x` *b* '.repeat(400);

  it.each([1, 2, 20])('stays within Block Kit and mentions nobody, %i at once', async (count) => {
    const many = Array.from({ length: count }, (_one, index) =>
      outgoing('slack', 'open', { title: hostile, summary: hostile, repository: hostile }, 1, index),
    );
    expect(await channel('slack').send(many)).toMatchObject({ kind: 'done' });
    expect(side('slack').objects()).toHaveLength(1);
  });
});
