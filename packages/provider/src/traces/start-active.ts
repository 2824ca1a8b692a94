import type { Context, Span, SpanOptions, Tracer } from '@opentelemetry/api';
import { context, trace } from '@opentelemetry/api';

/** The arguments of `startActiveSpan`; the function is last in every overload. */
export type StartActiveArguments<F> = [string, F] | [string, SpanOptions, F] | [string, SpanOptions, Context, F];

/** Implements `startActiveSpan` by `startSpan`. */
export function startActive<F extends (span: Span) => unknown>(
  tracer: Pick<Tracer, 'startSpan'>,
  args: StartActiveArguments<F>,
): ReturnType<F> {
  const [name, options, given, run] = inFull(args);
  const parent = isContext(given) ? given : context.active();
  const span = tracer.startSpan(name, options, parent);
  const result = context.with(trace.setSpan(parent, span), () => run(span));
  return result as ReturnType<F>; // what F returned
}

function inFull<F>(args: StartActiveArguments<F>): readonly [string, SpanOptions, Context | undefined, F] {
  if (args.length === 2) return [args[0], {}, undefined, args[1]];
  if (args.length === 3) return [args[0], args[1], undefined, args[2]];
  return args;
}

/** A JavaScript caller may pass anything, and the function must still run. */
function isContext(value: Context | undefined): value is Context {
  try {
    return typeof value?.setValue === 'function' && typeof value.getValue === 'function';
  } catch {
    return false;
  }
}
