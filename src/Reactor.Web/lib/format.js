// Numbers as people read them. What is not known is a dash, so that a column stays a column, and a
// number is never parted from its unit at the end of a line (\u00a0).

export const UNKNOWN = '–';
const SPACE = '\u00a0';

/** 2300 → "2.3 Mbit/s"; below one megabit in kbit/s. */
export function bitrate(kbps) {
  if (kbps === null)
    return UNKNOWN;
  if (kbps < 999.5)
    return `${Math.round(kbps)}${SPACE}kbit/s`;
  return kbps < 999_500
    ? `${digits(kbps / 1000)}${SPACE}Mbit/s`
    : `${digits(kbps / 1_000_000)}${SPACE}Gbit/s`;
}

/** 1572864 → "1.5 MiB". */
export function bytes(count) {
  if (count === null)
    return UNKNOWN;
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  let value = count;
  for (; value >= 1000 && unit < units.length - 1; unit++)
    value /= 1024;
  return `${unit === 0 ? Math.round(value) : digits(value)}${SPACE}${units[unit]}`;
}

/** 1.05 → "× 1.05", how fast the picture runs. */
export function pace(rate) {
  return `×${SPACE}${rate.toFixed(2)}`;
}

/** 4000 → "1 h 6 min"; the two largest units, for more would change too often to be read. */
export function duration(seconds) {
  if (seconds === null)
    return UNKNOWN;
  const whole = Math.floor(seconds);
  const parts = [
    [Math.floor(whole / 86400), 'd'],
    [Math.floor(whole / 3600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'min'],
    [whole % 60, 's'],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0)
    return '0 s';
  return parts.slice(first, first + 2)
    .filter(([count], index) => index === 0 || count > 0)
    .map(([count, unit]) => `${count}${SPACE}${unit}`)
    .join(' ');
}

/** 0.84 → "0.8 s". */
export function latency(seconds) {
  return seconds === null ? UNKNOWN : `${Math.max(0, seconds).toFixed(1)}${SPACE}s`;
}

/** 1.234 → "1.2 ms"; from ten on without a fraction. */
export function milliseconds(ms) {
  return ms === null ? UNKNOWN : `${digits(ms)}${SPACE}ms`;
}

/** 0.123 → "12 %"; below a tenth with a fraction. */
export function share(part) {
  return part === null ? UNKNOWN : `${digits(part * 100)}${SPACE}%`;
}

/** 25.9 → "26 fps": where it was measured, a fraction is noise. */
export function frameRate(fps) {
  return fps === null || fps === 0 ? UNKNOWN : `${Math.round(fps)}${SPACE}fps`;
}

export function count(value) {
  return value === null ? UNKNOWN : value.toLocaleString('en');
}

/** 1, "viewer" → "1 viewer"; 3 → "3 viewers". */
export function counted(value, noun) {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** "1280 × 720", or '' when it is not known. */
export function size(width, height) {
  return width && height ? `${width}${SPACE}×${SPACE}${height}` : '';
}

/** Two digits that count: 0, 1.2, 12, 120. */
function digits(value) {
  return value > 0 && value < 9.95 ? value.toFixed(1) : String(Math.round(value));
}
