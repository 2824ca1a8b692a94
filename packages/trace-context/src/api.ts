/** Everything used of the API, in one place: a bundle has one import of it, not one per file. */
export { context, diag, trace } from '@opentelemetry/api';
