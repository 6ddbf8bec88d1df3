import { named } from './escape.ts';

/** `2026-03-01 12:24:11 UTC`; anything that is no ISO 8601 time in UTC is shown as a name is. */
export function timeInWords(iso: string): string {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z$/.exec(iso);
  return match === null ? named(iso) : `${match[1]} ${match[2]} UTC`;
}

/** `212 ms`, `1.9 s`, `3 min 12 s`, `2 h 5 min`, `3 d 4 h`. */
export function durationInWords(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (milliseconds < 1000) return `${Math.max(0, Math.round(milliseconds))} ms`;
  if (milliseconds < 59_950) return `${(milliseconds / 1000).toFixed(1)} s`;
  if (seconds < 3600) return twoUnits(seconds, 60, 'min', 's');
  const minutes = Math.floor(seconds / 60);
  return minutes < 24 * 60
    ? twoUnits(minutes, 60, 'h', 'min')
    : twoUnits(Math.floor(minutes / 60), 24, 'd', 'h');
}

/** From one ISO 8601 time to another; null where that is no length of time. */
export function durationBetween(from: string, to: string): string | null {
  const milliseconds = Date.parse(to) - Date.parse(from);
  return milliseconds >= 0 ? durationInWords(milliseconds) : null;
}

function twoUnits(count: number, size: number, big: string, small: string): string {
  const rest = count % size;
  const whole = `${Math.floor(count / size)} ${big}`;
  return rest === 0 ? whole : `${whole} ${rest} ${small}`;
}
