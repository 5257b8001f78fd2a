import type { Admin } from 'kafkajs';

/** How long one kill -9 of a service took to be got over. */
export interface Recovery {
  readonly service: string;
  /** Until every offset that existed at the kill was committed; undefined where that did not come in time. */
  readonly seconds: number | null;
  readonly records: number;
}

const GIVE_UP_MS = 60_000;
const POLL_MS = 100;

/** What lies on the inputs of a group now. */
export async function endsOf(admin: Admin, topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const ends = new Map<string, number>();
  for (const topic of topics) {
    for (const { partition, high } of await admin.fetchTopicOffsets(topic)) {
      ends.set(`${topic}/${partition}`, Number(high));
    }
  }
  return ends;
}

/** Waits until a group has committed up to `ends`; gives how many seconds passed since `since`. */
export async function untilCommitted(
  admin: Admin,
  groupId: string,
  ends: ReadonlyMap<string, number>,
  since: number,
): Promise<number | null> {
  const topics = [...new Set([...ends.keys()].map((at) => at.slice(0, at.lastIndexOf('/'))))];
  while (performance.now() - since < GIVE_UP_MS) {
    const offsets = await admin.fetchOffsets({ groupId, topics }).catch(() => []);
    const committed = new Map(
      offsets.flatMap(({ topic, partitions }) =>
        partitions.map(
          ({ partition, offset }) => [`${topic}/${partition}` as string, Number(offset)] as const,
        ),
      ),
    );
    if ([...ends].every(([at, end]) => end === 0 || (committed.get(at) ?? -1) >= end)) {
      return (performance.now() - since) / 1_000;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return null;
}
