/** One measured comparison. */
export interface Figure {
  name: string;
  /** What we measured, in `unit`. */
  ours: number;
  /** The yardstick of the same run, in the same unit; undefined where the figure stands alone. */
  yardstick: number | undefined;
  unit: string;
  note: string;
}

/** Middle value. */
export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** Value below which `percent` of the values lie; 0 of none. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? 0;
}

/** One line of the report. */
export function describe({ name, ours, yardstick, unit, note }: Figure): string {
  const ratio =
    yardstick === undefined ? '' : `  yardstick ${round(yardstick)} ${unit}  ratio ${(ours / yardstick).toFixed(2)}`;
  return `${name.padEnd(34)} ${round(ours)} ${unit}${ratio}  (${note})`;
}

function round(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(3);
}
