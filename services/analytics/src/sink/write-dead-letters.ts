import type { Coordinate } from '@faultline/schemas';
import type { PoolClient } from 'pg';
import type { RecordRow } from '../domain/line/record-row.ts';
import { insertRows } from './unnest.ts';

/** Notes the records that ended as dead letters, so that they are found without a scan. */
export const writeDeadLetters = async (
  client: PoolClient,
  rows: readonly RecordRow[],
  sourceOf: (at: Coordinate) => number,
): Promise<void> =>
  insertRows(
    client,
    'dead_letters',
    [
      ['received_at', 'bigint'],
      ['source', 'smallint'],
      ['raw_partition', 'int'],
      ['raw_offset', 'bigint'],
    ],
    rows
      .filter(({ state }) => state === 'dead-lettered')
      .map(({ receivedAt, coordinate }) => [
        receivedAt,
        sourceOf(coordinate),
        coordinate.partition,
        coordinate.offset,
      ]),
    'on conflict do nothing',
  );
