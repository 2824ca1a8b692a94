import { errorName } from '@codex-otel/config';
import { diag } from '@opentelemetry/api';

/** Reports a call whose arguments cannot be read. It changes nothing, and the agent's code gets no error. */
export function refused(step: string, error: unknown): void {
  diag.error(`codex-otel/provider: ${step} was refused`, errorName(error));
}
