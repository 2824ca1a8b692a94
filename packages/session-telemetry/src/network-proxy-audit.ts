import type { Context, Logger } from '@opentelemetry/api';
import type { EventOptions } from './event-definition.ts';
import { defineEvent } from './event-definition.ts';
import { EventRecorder } from './event-recorder.ts';
import { property } from './property.ts';
import type { SessionEvent } from './session-event.ts';
import { readMetadata, sessionIdentity } from './session-identity.ts';
import { newSessionMemory } from './session-memory.ts';
import type { SessionMetadata } from './session-metadata.ts';
import { readSinks } from './session-sinks.ts';

const attributes = {
  /** The trace that started the process behind the request; absent when unknown. */
  launchTraceId: { name: 'launch.trace_id', type: 'string', on: 'log', absent: 'unknown' },
  launchSpanId: { name: 'launch.span_id', type: 'string', on: 'log', absent: 'unknown' },
  /** The tool call behind the request; absent when unknown. */
  toolCallId: { name: 'tool.call_id', type: 'string', on: 'log', absent: 'unknown' },
  /** Where the process runs; absent on the agent's own machine. */
  executorEnvironmentId: { name: 'executor.environment_id', type: 'string', on: 'log', absent: 'no remote executor' },
  executorRegistrationId: { name: 'executor.registration_id', type: 'string', on: 'log', absent: 'no remote executor' },
  networkPolicyScope: { name: 'network.policy.scope', type: 'string', on: 'log', values: ['domain', 'non_domain'] },
  networkPolicyDecision: {
    name: 'network.policy.decision',
    type: 'string',
    on: 'log',
    values: ['allow', 'deny', 'ask'],
  },
  networkPolicySource: {
    name: 'network.policy.source',
    type: 'string',
    on: 'log',
    values: ['baseline_policy', 'mode_guard', 'proxy_state', 'decider'],
  },
  /** E.g. `allow`, `not_allowed`, `denied`, `not_allowed_local`. */
  networkPolicyReason: {
    name: 'network.policy.reason',
    type: 'string',
    on: 'log',
    about: 'e.g. `allow`, `not_allowed`, `denied`',
  },
  networkTransportProtocol: {
    name: 'network.transport.protocol',
    type: 'string',
    on: 'log',
    values: ['http', 'https_connect', 'socks5_tcp', 'socks5_udp'],
  },
  /** The host. */
  serverAddress: { name: 'server.address', type: 'string', on: 'log', about: 'host' },
  serverPort: { name: 'server.port', type: 'int', on: 'log' },
  /** @defaultValue `none` */
  httpRequestMethod: {
    name: 'http.request.method',
    type: 'string',
    on: 'log',
    otherwise: 'none',
    about: '`none` when unknown',
  },
  /** @defaultValue `unknown` */
  clientAddress: {
    name: 'client.address',
    type: 'string',
    on: 'log',
    otherwise: 'unknown',
    about: '`unknown` when unknown',
  },
  /** The run of the process behind the request; absent when unknown. */
  executionId: { name: 'execution.id', type: 'string', on: 'log', absent: 'unknown' },
  /** A decider allowed what the baseline denied. @defaultValue `false` */
  networkPolicyOverride: {
    name: 'network.policy.override',
    type: 'bool',
    on: 'log',
    otherwise: false,
    about: 'a decider allowed what the baseline denied',
  },
} as const;

/** Options of {@link NetworkProxyAudit.recordPolicyDecision}. URLs, paths and queries have no place in them. */
export interface NetworkPolicyDecisionOptions extends EventOptions<typeof attributes> {}

/** What the configured policy says of a host. */
export type BaselinePolicy = { readonly kind: 'allowed' } | { readonly kind: 'blocked'; readonly reason: string };

/** What a decider, where there is one, says of a host that is not on the list. */
export interface DeciderAnswer {
  readonly decision: 'allow' | 'deny' | 'ask';
  /** @defaultValue `policy_denied` */
  readonly reason?: string | undefined;
}

/** The part of a policy decision that follows from the two opinions. */
export type DomainPolicyDecision = Pick<
  NetworkPolicyDecisionOptions,
  'networkPolicyDecision' | 'networkPolicySource' | 'networkPolicyReason'
> & { readonly networkPolicyScope: 'domain'; readonly networkPolicyOverride: boolean };

const notListed = 'not_allowed';
const deniedByPolicy = 'policy_denied';

/** Combines the policy for a host with a decider's answer, which counts only where the host is not on the list. */
export function domainPolicyDecision(baseline: BaselinePolicy, decider?: DeciderAnswer): DomainPolicyDecision {
  const domain = { networkPolicyScope: 'domain', networkPolicyOverride: false } as const;
  if (baseline.kind === 'allowed') {
    const allowed = { networkPolicyDecision: 'allow', networkPolicySource: 'baseline_policy' } as const;
    return { ...domain, ...allowed, networkPolicyReason: 'allow' };
  }
  if (baseline.reason !== notListed || decider === undefined || decider === null) {
    const denied = { networkPolicyDecision: 'deny', networkPolicySource: 'baseline_policy' } as const;
    return { ...domain, ...denied, networkPolicyReason: baseline.reason };
  }
  const overridden = decider.decision === 'allow';
  return {
    ...domain,
    networkPolicyDecision: decider.decision,
    networkPolicySource: 'decider',
    networkPolicyReason: overridden ? notListed : decider.reason || deniedByPolicy,
    networkPolicyOverride: overridden,
  };
}

const event = defineEvent('codex.network_proxy.policy_decision', {
  about: 'The network proxy let a request through or not. Common attributes that the proxy does not know are absent.',
  attributes,
});

/** `codex.network_proxy.policy_decision`: the one event of {@link NetworkProxyAudit}. */
export const recordPolicyDecision: SessionEvent<NetworkPolicyDecisionOptions> = {
  definitions: [event],
  record: (recorder, options, context) => recorder.emit(event, options, {}, context),
};

/** The audit log of a network proxy. It never throws, and its records are never span events. */
export class NetworkProxyAudit {
  readonly #recorder: EventRecorder;

  /**
   * @param metadata - What the proxy knows of the session; it may be nothing.
   * @param sinks - A logger whose scope is `OTEL_NETWORK_PROXY_TARGET`, e.g. from a provider's `loggerFor`.
   */
  constructor(metadata: Partial<SessionMetadata>, sinks: { readonly logger?: Logger | undefined }) {
    const identity = sessionIdentity({ metadata: readMetadata(metadata), authEnv: {}, request: {} });
    // These two have a value in every session; the proxy's records leave them out where it was told none.
    const guessed = ['originator', 'slug'].filter((key) => typeof property(metadata, key) !== 'string');
    const logAttributes = Object.fromEntries(
      Object.entries(identity.logAttributes).filter(([key, value]) => value !== '' && !guessed.includes(key)),
    );
    this.#recorder = new EventRecorder(
      { ...identity, logAttributes },
      { logger: readSinks(sinks).logger, metrics: undefined },
      {},
      newSessionMemory(),
    );
  }

  /** `codex.network_proxy.policy_decision`. */
  recordPolicyDecision(options: NetworkPolicyDecisionOptions, context?: Context): void {
    this.#recorder.run('recordPolicyDecision', recordPolicyDecision, options, context);
  }
}
