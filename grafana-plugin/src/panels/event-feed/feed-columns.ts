/** Columns a reader may show or hide; status and content are always there. */
export const COLUMNS = ['time', 'actor', 'type', 'run', 'duration', 'tokens'] as const;

/** Name of a column. */
export type ColumnName = (typeof COLUMNS)[number];

/** Columns of a new feed. */
export const DEFAULT_COLUMNS: readonly ColumnName[] = ['time', 'actor', 'type', 'duration', 'tokens'];

/** Reads a stored choice: known names in the order of the columns; the default where nothing was stored. */
export function readColumns(stored: unknown): readonly ColumnName[] {
  if (!Array.isArray(stored)) return DEFAULT_COLUMNS;
  const names = stored as unknown[];
  return COLUMNS.filter((name) => names.includes(name));
}
