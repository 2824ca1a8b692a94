import type { Context } from '@opentelemetry/api';
import { context, createContextKey } from '@opentelemetry/api';
import { property } from '../property.ts';

/** Marks a context as one of a turn's, so that a call within a call finds its parent. */
const TURN_KEY = createContextKey('codex_otel turn');

/** The parent of a turn's span. Every context below it is recognised as one of that turn. */
export function markTurn(parent: Context): Context {
  return parent.setValue(TURN_KEY, Symbol('turn'));
}

/**
 * The parent of a span in a turn: the given context, else the active one if it belongs to the turn, else the turn's.
 *
 * @param given - Anything, since types do not stop a JavaScript caller.
 */
export function parentOr(given: unknown, turnContext: Context): Context {
  if (isContext(given)) return given;
  const active = context.active();
  const turn = active.getValue(TURN_KEY);
  return turn !== undefined && turn === turnContext.getValue(TURN_KEY) ? active : turnContext;
}

export function isContext(value: unknown): value is Context {
  return typeof property(value, 'setValue') === 'function' && typeof property(value, 'getValue') === 'function';
}
