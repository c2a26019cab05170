// Numbers as people read them.

const finite = (value) => typeof value === 'number' && Number.isFinite(value);

/** A value in a unit of the glossary; a dash where there is none. */
export function number(value, unit = '') {
  if (!finite(value)) return '–';
  if (unit === 'share') return `${(100 * value).toFixed(1)}%`;
  if (Number.isInteger(value)) return value.toLocaleString('en-US');
  const size = Math.abs(value);
  if (size >= 1000) return Math.round(value).toLocaleString('en-US');
  if (size >= 10) return value.toFixed(1);
  if (size >= 0.01) return Number(value.toPrecision(3)).toString();
  return value.toExponential(1);
}

/** The same with its unit. */
export function quantity(value, unit = '') {
  const text = number(value, unit);
  return text === '–' || unit === '' || unit === 'share' ? text : `${text} ${unit}`;
}

export function duration(seconds) {
  if (!finite(seconds) || seconds < 0) return '–';
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** How long ago a moment is. */
export function ago(millis) {
  return `${duration(Math.max(0, (Date.now() - millis) / 1000))} ago`;
}
