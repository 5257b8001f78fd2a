/** A row beside which its query counts all rows that there are. */
export interface CountedRow {
  readonly all: number;
}

/** Rows without their count, and the count. */
export function counted<Row extends CountedRow>(
  rows: readonly Row[],
): { readonly total: number; readonly items: readonly Omit<Row, 'all'>[] } {
  const items = rows.map((row) => {
    const kept = Object.entries(row).filter(([name]) => name !== 'all');
    return Object.fromEntries(kept) as unknown as Omit<Row, 'all'>;
  });
  return { total: rows[0]?.all ?? 0, items };
}
