import type { Context, Logger } from '@opentelemetry/api';
import type { EventOptions } from './event-definition.ts';
import { defineEvent } from './event-definition.ts';
import { EventRecorder } from './event-recorder.ts';
import { property } from './property.ts';
import type { SessionEvent } from './session-event.ts';
import { eventAlone } from './session-event.ts';
import { readMetadata, sessionIdentity } from './session-identity.ts';
import { newSessionMemory } from './session-memory.ts';
import type { SessionMetadata } from './session-metadata.ts';
import { readSinks } from './session-sinks.ts';

const attributes = {
  /** The trace that started the process behind the request. Absent if unknown. */
  launchTraceId: { name: 'launch.trace_id', absent: 'unknown' },
  /** The span that started the process. Absent if unknown. */
  launchSpanId: { name: 'launch.span_id', absent: 'unknown' },
  /** The tool call behind the request. Absent if unknown. */
  toolCallId: { name: 'tool.call_id', absent: 'unknown' },
  /** Where the process runs. Absent on the agent's own machine. */
  executorEnvironmentId: { name: 'executor.environment_id', absent: 'no remote executor' },
  /** The registration of the remote executor. Absent on the agent's own machine. */
  executorRegistrationId: { name: 'executor.registration_id', absent: 'no remote executor' },
  /** Whether the decision is about a domain. */
  networkPolicyScope: { name: 'network.policy.scope', values: ['domain', 'non_domain'] },
  /** What was decided. */
  networkPolicyDecision: { name: 'network.policy.decision', values: ['allow', 'deny', 'ask'] },
  /** What decided. */
  networkPolicySource: {
    name: 'network.policy.source',
    values: ['baseline_policy', 'mode_guard', 'proxy_state', 'decider'],
  },
  /** Why, e.g. `allow`, `not_allowed`, `denied`, `not_allowed_local`. */
  networkPolicyReason: { name: 'network.policy.reason', about: 'e.g. `allow`, `not_allowed`, `denied`' },
  /** How the request reached the proxy. */
  networkTransportProtocol: {
    name: 'network.transport.protocol',
    values: ['http', 'https_connect', 'socks5_tcp', 'socks5_udp'],
  },
  /** The host that the request is for. */
  serverAddress: { name: 'server.address', about: 'host' },
  /** Its port. */
  serverPort: { name: 'server.port', type: 'int' },
  /** The HTTP method. @defaultValue `none` */
  httpRequestMethod: { name: 'http.request.method', otherwise: 'none', about: '`none` when unknown' },
  /** Where the request came from. @defaultValue `unknown` */
  clientAddress: { name: 'client.address', otherwise: 'unknown', about: '`unknown` when unknown' },
  /** The run of the process behind the request. Absent if unknown. */
  executionId: { name: 'execution.id', absent: 'unknown' },
  /** Whether a decider allowed what the baseline denied. @defaultValue `false` */
  networkPolicyOverride: {
    name: 'network.policy.override',
    type: 'bool',
    otherwise: false,
    about: 'a decider allowed what the baseline denied',
  },
} as const;

/** Options of {@link NetworkProxyAudit.recordPolicyDecision}. They hold no URLs, paths or queries. */
export interface NetworkPolicyDecisionOptions extends EventOptions<typeof attributes> {}

/** What the configured policy says about a host. */
export type BaselinePolicy =
  | {
      /** The host is on the list. */
      readonly kind: 'allowed';
    }
  | {
      /** The host may not be reached, unless a decider allows it. */
      readonly kind: 'blocked';
      /** Why; a decider is only asked about `not_allowed`. */
      readonly reason: string;
    };

/** What a decider says about a host that is not on the list. */
export interface DeciderAnswer {
  /** What it decided; `ask` leaves the decision to the user. */
  readonly decision: 'allow' | 'deny' | 'ask';
  /** Why it did not allow it. @defaultValue `policy_denied` */
  readonly reason?: string | undefined;
}

/** The options of a policy decision that follow from the policy and the decider's answer. */
export interface DomainPolicyDecision
  extends Pick<NetworkPolicyDecisionOptions, 'networkPolicyDecision' | 'networkPolicySource' | 'networkPolicyReason'> {
  /** Always about a domain. */
  readonly networkPolicyScope: 'domain';
  /** Whether a decider allowed what the baseline denied. */
  readonly networkPolicyOverride: boolean;
}

const notListed = 'not_allowed';
const deniedByPolicy = 'policy_denied';

/** Combines the policy for a host with a decider's answer, which only counts if the host is not on the list. */
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
  on: 'log',
  about: 'The network proxy allowed or refused a request. Common attributes that the proxy does not know are absent.',
  attributes,
});

export const recordPolicyDecision: SessionEvent<NetworkPolicyDecisionOptions> = eventAlone(event);

/** The audit log of a network proxy. It never throws, and never makes span events. */
export class NetworkProxyAudit {
  readonly #recorder: EventRecorder;

  /**
   * Makes the audit log of a proxy.
   *
   * @param metadata - What the proxy knows about the session, which may be nothing.
   * @param sinks - A logger whose scope is `OTEL_NETWORK_PROXY_TARGET`, e.g. from a provider's `loggerFor`.
   */
  constructor(metadata: Partial<SessionMetadata>, sinks: { readonly logger?: Logger | undefined }) {
    const identity = sessionIdentity({ metadata: readMetadata(metadata), authEnv: {}, request: {} });
    // These two have defaults in a session. The proxy's records leave them out if they were not given.
    const defaulted = ['originator', 'slug'].filter((key) => typeof property(metadata, key) !== 'string');
    const logAttributes = Object.fromEntries(
      Object.entries(identity.logAttributes).filter(([key, value]) => value !== '' && !defaulted.includes(key)),
    );
    this.#recorder = new EventRecorder(
      { ...identity, logAttributes },
      { logger: readSinks(sinks).logger, metrics: undefined },
      {},
      newSessionMemory(),
    );
  }

  /** Records a decision: `codex.network_proxy.policy_decision`. */
  recordPolicyDecision(options: NetworkPolicyDecisionOptions, context?: Context): void {
    this.#recorder.run('recordPolicyDecision', recordPolicyDecision, options, context);
  }
}
