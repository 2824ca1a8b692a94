export type { CheckOtelConnectionsOptions, CheckOutcome, ConnectionCheck } from './check/check-connections.ts';
export { checkOtelConnections } from './check/check-connections.ts';
export type { ConfiguredValue } from './check/configured-values.ts';
