import type { PoolClient } from 'pg';

/** What stands in a column of a row that is written. */
export type Cell = string | number | boolean | null;

/** Column and type of a table that rows are written to. */
export type Columns = readonly (readonly [name: string, type: string])[];

/** Writes rows in one statement, an array for each column. `tail` is what follows, such as ON CONFLICT. */
export async function insertRows(
  client: PoolClient,
  table: string,
  columns: Columns,
  rows: readonly (readonly Cell[])[],
  tail = '',
): Promise<void> {
  if (rows.length === 0) return;
  const arrays = columns.map((_, column) => arrayLiteral(rows, column));
  const names = columns.map(([name]) => name).join(', ');
  const parameters = columns.map(([, type], index) => `$${index + 1}::text::${type}[]`).join(', ');
  await client.query({
    name: tail === '' ? `insert ${table}` : `insert ${table} or else`,
    text: `insert into ${table} (${names}) select * from unnest(${parameters}) ${tail}`,
    values: arrays,
  });
}

/** ON CONFLICT that adds the columns that are no part of the key. */
export const addOnConflict = (table: string, key: readonly string[], columns: Columns): string =>
  `on conflict (${key.join(', ')}) do update set ${columns
    .filter(([name]) => !key.includes(name))
    .map(([name]) => `${name} = ${table}.${name} + excluded.${name}`)
    .join(', ')}`;

/** One column of rows as the text of a Postgres array. */
export function arrayLiteral(rows: readonly (readonly Cell[])[], column: number): string {
  let literal = '{';
  for (let index = 0; index < rows.length; index += 1) {
    if (index > 0) literal += ',';
    const cell = rows[index]?.[column] ?? null;
    if (cell === null) literal += 'NULL';
    else if (typeof cell === 'string') literal += quoted(cell);
    else literal += String(cell);
  }
  return `${literal}}`;
}

const special = /["\\]/;

function quoted(text: string): string {
  return special.test(text) ? `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"` : `"${text}"`;
}
