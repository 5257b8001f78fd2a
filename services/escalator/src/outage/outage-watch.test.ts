import { describe, expect, it } from 'vitest';
import type { Channel, Channels, Notice, SendResult } from '../channels/channel.ts';
import { OutageWatch } from './outage-watch.ts';

/** A channel that notes what it is told, and answers as it is set. */
function channelCalled(name: Channel['name'], answers: SendResult['kind'][] = []) {
  const told: {
    readonly kind: string;
    readonly effectId: string;
    readonly incident: string;
    readonly text: string;
  }[] = [];
  const channel: Channel = {
    name,
    target: 'test',
    batch: 1,
    requests: 1,
    minIntervalMs: 0,
    render: ({ incident }: Notice) => ({ id: incident.id, text: `${incident.title}\n${incident.summary}` }),
    send: async ([outgoing]) => {
      const answer = answers.shift() ?? 'done';
      const { id, text } = (outgoing?.payload ?? {}) as { id: string; text: string };
      told.push({ kind: outgoing?.kind ?? '', effectId: outgoing?.effectId ?? '', incident: id, text });
      if (answer === 'done') return { kind: 'done', references: {} };
      if (answer === 'retry') return { kind: 'retry', error: 'busy', retryAfterMs: null, doubtful: false };
      return { kind: answer, error: 'no' };
    },
  };
  return { channel, told };
}

function rig(channels: Channels) {
  let now = 0;
  let away = false;
  const watch = new OutageWatch({
    ask: async () => {
      if (away) throw new Error('connection refused');
    },
    channels,
    now: () => now,
    patienceMs: 60_000,
    onTold: () => undefined,
  });
  return {
    at: async (seconds: number, isAway: boolean): Promise<void> => {
      now = seconds * 1_000;
      away = isAway;
      await watch.look();
    },
  };
}

describe('OutageWatch', () => {
  it('tells nobody of a short outage', async () => {
    const { channel, told } = channelCalled('slack');
    const { at } = rig({ slack: channel });
    for (const second of [0, 20, 40, 59]) await at(second, true);
    await at(65, false);
    for (const second of [70, 120]) await at(second, true);
    expect(told).toEqual([]);
  });

  it('tells once of a long one, with error and remedy, and once that it is over', async () => {
    const { channel, told } = channelCalled('slack');
    const { at } = rig({ slack: channel });
    for (const second of [10, 40, 70, 100, 130]) await at(second, true);
    expect(told.map(({ kind }) => kind)).toEqual(['open']);
    expect(told[0]?.text).toMatch(/connection refused/);
    expect(told[0]?.text).toMatch(/Remedy/);
    await at(140, false);
    await at(150, false);
    expect(told.map(({ kind }) => kind)).toEqual(['open', 'resolve']);
    expect(told[0]?.incident).toBe(told[1]?.incident);
    expect(told[0]?.effectId).not.toBe(told[1]?.effectId);
  });

  it('goes to the next channel where one refuses, and tries again where all do', async () => {
    const pager = channelCalled('pagerduty', ['refused', 'retry', 'done']);
    const slack = channelCalled('slack', ['retry', 'refused']);
    const { at } = rig({ pagerduty: pager.channel, slack: slack.channel });
    for (const second of [0, 60, 65, 70, 75]) await at(second, true);
    expect(pager.told).toHaveLength(3);
    expect(slack.told).toHaveLength(2);
    expect(new Set(pager.told.map(({ effectId }) => effectId)).size).toBe(1);
  });
});
