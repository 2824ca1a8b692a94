import { oneLine } from '@codex-otel/config';
import { MetricsError } from './metrics-error.ts';

const namePattern = /^[A-Za-z0-9._-]+$/;
const tagPattern = /^[A-Za-z0-9._/-]+$/;

/** @throws {@link MetricsError} EMPTY_METRIC_NAME, INVALID_METRIC_NAME. */
export function validateMetricName(name: string): void {
  if (name === '') throw new MetricsError('EMPTY_METRIC_NAME', 'metric name is empty');
  if (typeof name !== 'string' || !namePattern.test(name)) {
    throw new MetricsError(
      'INVALID_METRIC_NAME',
      `metric name '${shown(name)}' has characters other than ASCII letters, digits, '.', '_' and '-'`,
      { value: typeof name === 'string' ? name : shown(name) },
    );
  }
}

/**
 * Checks one tag, its key first. The message names only the key: a value that breaks the rule may be content.
 *
 * @throws {@link MetricsError} EMPTY_TAG_COMPONENT, INVALID_TAG_COMPONENT.
 */
export function validateTag(key: string, value: unknown): void {
  validateTagComponent('tag key', key, key);
  validateTagComponent('tag value', key, value);
}

/** Checks tags, in their order. @throws {@link MetricsError} EMPTY_TAG_COMPONENT, INVALID_TAG_COMPONENT. */
export function validateTags(tags: Readonly<Record<string, unknown>>): void {
  for (const key of Object.keys(tags)) validateTag(key, tags[key]);
}

function validateTagComponent(label: 'tag key' | 'tag value', key: string, component: unknown): void {
  if (component === '') {
    const where = label === 'tag key' ? '' : ` of '${shown(key)}'`;
    throw new MetricsError('EMPTY_TAG_COMPONENT', `${label}${where} is empty`, { label });
  }
  if (typeof component !== 'string' || !tagPattern.test(component)) {
    const what = label === 'tag key' ? `tag key '${shown(key)}'` : `tag value of '${shown(key)}'`;
    throw new MetricsError(
      'INVALID_TAG_COMPONENT',
      `${what} has characters other than ASCII letters, digits, '.', '_', '-' and '/'`,
      { label, value: typeof component === 'string' ? component : shown(component) },
    );
  }
}

/**
 * Checks a counter's increment: a whole number that a double holds exactly.
 *
 * @throws {@link MetricsError} NEGATIVE_COUNTER_INCREMENT, INVALID_VALUE.
 */
export function validateIncrement(name: string, increment: number): void {
  if (typeof increment === 'number' && increment < 0) {
    const message = `counter '${name}' cannot go down, increment is ${increment}`;
    throw new MetricsError('NEGATIVE_COUNTER_INCREMENT', message, { value: increment });
  }
  validateWhole(name, increment);
}

/** @throws {@link MetricsError} INVALID_VALUE unless the value is a whole number that a double holds exactly. */
export function validateWhole(name: string, value: number): void {
  if (!Number.isSafeInteger(value)) throw invalidValue(name, value, 'a whole number below 2^53');
}

/** @throws {@link MetricsError} INVALID_VALUE for NaN and the infinities. */
export function validateFinite(name: string, value: number): void {
  if (!Number.isFinite(value)) throw invalidValue(name, value, 'a finite number');
}

/** @throws {@link MetricsError} INVALID_VALUE for NaN, the infinities and negative numbers. */
export function validateDuration(name: string, value: number): void {
  if (!Number.isFinite(value) || value < 0) throw invalidValue(name, value, 'a finite number of at least 0');
}

/** @throws {@link MetricsError} INVALID_VALUE unless finite and ascending. */
export function validateBoundaries(name: string, boundaries: readonly number[]): void {
  let bad = -1;
  try {
    if (!Array.isArray(boundaries)) throw new TypeError('not a list');
    bad = boundaries.findIndex(
      (bound, index) => !Number.isFinite(bound) || bound <= (boundaries[index - 1] ?? -Infinity),
    );
  } catch {
    throw new MetricsError('INVALID_VALUE', `boundaries of metric '${name}' are not a list of numbers`);
  }
  if (bad !== -1) throw invalidValue(name, boundaries[bad], 'one of finite, ascending bucket boundaries');
}

/**
 * A value as a message shows it: one line. Of an object only the type is shown, since converting it may throw.
 */
export function shown(value: unknown): string {
  if (typeof value === 'function' || (typeof value === 'object' && value !== null)) return typeof value;
  return oneLine(String(value));
}

function invalidValue(name: string, value: unknown, wanted: string): MetricsError {
  const details = { value: typeof value === 'number' ? value : shown(value) };
  return new MetricsError('INVALID_VALUE', `value ${shown(value)} of metric '${name}' is not ${wanted}`, details);
}
