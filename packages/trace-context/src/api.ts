/** All that is used of the API, in one place: a bundle has one import of it, not one for each file. */
export { context, diag, trace } from '@opentelemetry/api';
