/** Measures, and prints a table, or with `--json` the rows as JSON. About half a minute. */
import { comparisonRows } from './comparisons.ts';
import { eventRows } from './events.ts';
import { machine } from './machine.ts';
import type { Row } from './row.ts';
import { requireBuild, startRows } from './starts.ts';

const floors =
  'floors: JSON.parse of the same two texts; the fewest SDK calls on the same account; or as the name says';

try {
  requireBuild();
  console.error(`on ${machine()}`);
  console.error(floors);
  const rows = [...(await comparisonRows()), ...(await eventRows()), ...(await startRows())];
  if (process.argv.includes('--json')) console.log(JSON.stringify({ schemaVersion: '1', rows }));
  else printTable(rows);
} catch (error) {
  console.error(`bench: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

function printTable(rows: readonly Row[]): void {
  const lines = rows.map(({ name, unit, value, floor, ratio }) => [
    name,
    String(value),
    String(floor),
    unit,
    `${ratio}×`,
  ]);
  const table = [['', 'ours', 'floor', 'unit', 'ratio'], ...lines];
  const widths = (table[0] ?? []).map((_, column) =>
    Math.max(...table.map((line) => (line[column] ?? '').length)),
  );
  for (const line of table)
    console.log(line.map((cell, column) => aligned(cell, widths[column] ?? 0, column)).join('  '));
}

/** Numbers to the right. */
function aligned(cell: string, width: number, column: number): string {
  return column === 0 || column === 3 ? cell.padEnd(width) : cell.padStart(width);
}
