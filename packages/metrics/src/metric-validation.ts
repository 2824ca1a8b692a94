import { MetricsError } from './metrics-error.ts';

const namePattern = /^[A-Za-z0-9._-]+$/;
const tagPattern = /^[A-Za-z0-9._/-]+$/;

/** @throws {@link MetricsError} EMPTY_METRIC_NAME, INVALID_METRIC_NAME. */
export function validateMetricName(name: string): void {
  if (name === '') throw new MetricsError('EMPTY_METRIC_NAME', 'metric name is empty');
  if (typeof name !== 'string' || !namePattern.test(name)) {
    throw new MetricsError(
      'INVALID_METRIC_NAME',
      `metric name '${String(name)}' has characters other than ASCII letters, digits, '.', '_' and '-'`,
      { value: String(name) },
    );
  }
}

/**
 * Checks one tag, its key first. The message names the key only: a value that broke the rule may well be
 * content that went astray.
 *
 * @throws {@link MetricsError} EMPTY_TAG_COMPONENT, INVALID_TAG_COMPONENT.
 */
export function validateTag(key: string, value: unknown): void {
  validateTagComponent('tag key', key, key);
  validateTagComponent('tag value', key, value);
}

function validateTagComponent(label: 'tag key' | 'tag value', key: string, component: unknown): void {
  if (component === '') {
    const where = label === 'tag key' ? '' : ` of '${key}'`;
    throw new MetricsError('EMPTY_TAG_COMPONENT', `${label}${where} is empty`, { label });
  }
  if (typeof component !== 'string' || !tagPattern.test(component)) {
    const what = label === 'tag key' ? `tag key '${key}'` : `tag value of '${key}'`;
    throw new MetricsError(
      'INVALID_TAG_COMPONENT',
      `${what} has characters other than ASCII letters, digits, '.', '_', '-' and '/'`,
      { label, value: String(component) },
    );
  }
}

/**
 * Checks a counter's increment: a whole number that a double holds exactly.
 *
 * @throws {@link MetricsError} NEGATIVE_COUNTER_INCREMENT, INVALID_VALUE.
 */
export function validateIncrement(name: string, increment: number): void {
  if (increment < 0) {
    const message = `counter '${name}' cannot go down, increment is ${increment}`;
    throw new MetricsError('NEGATIVE_COUNTER_INCREMENT', message, { value: increment });
  }
  validateWhole(name, increment);
}

/** @throws {@link MetricsError} INVALID_VALUE for what is no whole number or too large to be exact. */
export function validateWhole(name: string, value: number): void {
  if (!Number.isSafeInteger(value)) throw invalidValue(name, value, 'a whole number below 2^53');
}

/** @throws {@link MetricsError} INVALID_VALUE for NaN and the infinities. */
export function validateFinite(name: string, value: number): void {
  if (!Number.isFinite(value)) throw invalidValue(name, value, 'a finite number');
}

/** @throws {@link MetricsError} INVALID_VALUE for NaN, the infinities and what lies below zero. */
export function validateDuration(name: string, value: number): void {
  if (!Number.isFinite(value) || value < 0) throw invalidValue(name, value, 'a finite number from 0 on');
}

/** @throws {@link MetricsError} INVALID_VALUE unless finite and ascending. */
export function validateBoundaries(name: string, boundaries: readonly number[]): void {
  const bad = boundaries.find(
    (bound, index) => !Number.isFinite(bound) || bound <= (boundaries[index - 1] ?? -Infinity),
  );
  if (bad !== undefined) throw invalidValue(name, bad, 'one of finite, ascending bucket boundaries');
}

function invalidValue(name: string, value: number, wanted: string): MetricsError {
  return new MetricsError('INVALID_VALUE', `value ${String(value)} of metric '${name}' is not ${wanted}`, { value });
}
