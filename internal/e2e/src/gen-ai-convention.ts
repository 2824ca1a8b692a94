// Release 0.1.0 of OpenTelemetry's GenAI semantic conventions, as far as a session of ours can meet it. Restated from
// open-telemetry/semantic-conventions-genai: model/gen-ai/spans.yaml and metrics.yaml at 024a4f944a12, model/mcp/*.yaml,
// the token metrics at 066d4a7f356f, model/gen-ai/events.yaml at 0387091683b4, and CHANGELOG v0.1.0. It is not made
// from our own definitions: our definitions are compared with it.

/** `required`: must be there; `optional`: may be, of this type only. */
export interface ConventionAttribute {
  readonly type: 'string' | 'int' | 'double' | 'bool' | 'string[]' | 'messages';
  readonly level: 'required' | 'optional';
  /** The values that it may have, if they are a closed list or fixed here. */
  readonly values?: readonly unknown[] | undefined;
}

export type ConventionTable = Readonly<Record<string, ConventionAttribute>>;

const required = (type: ConventionAttribute['type'], values?: readonly unknown[]): ConventionAttribute => ({
  type,
  level: 'required',
  values,
});
const optional = (type: ConventionAttribute['type'], values?: readonly unknown[]): ConventionAttribute => ({
  type,
  level: 'optional',
  values,
});

const PROVIDERS = [
  'anthropic',
  'aws.bedrock',
  'azure.ai.inference',
  'azure.ai.openai',
  'cohere',
  'deepseek',
  'gcp.gemini',
  'gcp.gen_ai',
  'gcp.vertex_ai',
  'groq',
  'ibm.watsonx.ai',
  'mistral_ai',
  'moonshot_ai',
  'openai',
  'perplexity',
  'x_ai',
];

const usage = (...names: readonly string[]): ConventionTable =>
  Object.fromEntries(names.map((name) => [`gen_ai.usage.${name}_tokens`, optional('int')]));

/** The client inference span. */
const inference: ConventionTable = {
  'gen_ai.operation.name': required('string', ['chat']),
  'gen_ai.provider.name': required('string', PROVIDERS),
  'gen_ai.request.model': required('string'),
  'error.type': optional('string'),
  'gen_ai.conversation.id': optional('string'),
  'gen_ai.output.type': optional('string', ['text', 'json', 'image', 'speech']),
  'gen_ai.prompt.name': optional('string'),
  'gen_ai.prompt.version': optional('string'),
  'gen_ai.request.choice.count': optional('int'),
  'gen_ai.request.seed': optional('int'),
  'gen_ai.request.stream': optional('bool', [true]),
  'gen_ai.request.top_k': optional('int'),
  'server.port': optional('int'),
  'server.address': optional('string'),
  'gen_ai.conversation.compacted': optional('bool', [true]),
  'gen_ai.request.frequency_penalty': optional('double'),
  'gen_ai.request.presence_penalty': optional('double'),
  'gen_ai.request.temperature': optional('double'),
  'gen_ai.request.top_p': optional('double'),
  'gen_ai.request.max_tokens': optional('int'),
  'gen_ai.request.stop_sequences': optional('string[]'),
  'gen_ai.request.previous_response.id': optional('string'),
  'gen_ai.request.reasoning.level': optional('string'),
  'gen_ai.response.id': optional('string'),
  'gen_ai.response.model': optional('string'),
  'gen_ai.response.finish_reasons': optional('string[]'),
  'gen_ai.response.time_to_first_chunk': optional('double'),
  ...usage('input', 'output', 'cache_read.input', 'cache_write.input', 'reasoning.output'),
  ...usage('text.input', 'image.input', 'audio.input', 'text.output', 'image.output', 'audio.output'),
  ...usage('text.cache_read.input', 'image.cache_read.input', 'audio.cache_read.input'),
  'openai.request.service_tier': optional('string'),
  'openai.response.service_tier': optional('string'),
  'openai.response.system_fingerprint': optional('string'),
  'openai.api.type': optional('string', ['chat_completions', 'responses']),
};

/** The span of an agent that runs in this process. */
const invokeAgent: ConventionTable = {
  'gen_ai.operation.name': required('string', ['invoke_agent']),
  'gen_ai.request.model': optional('string'),
  'gen_ai.agent.name': optional('string'),
  'gen_ai.agent.description': optional('string'),
  'gen_ai.conversation.id': optional('string'),
  'gen_ai.data_source.id': optional('string'),
  'gen_ai.output.type': optional('string'),
  'error.type': optional('string'),
};

const executeTool: ConventionTable = {
  'gen_ai.operation.name': required('string', ['execute_tool']),
  'gen_ai.tool.name': required('string'),
  'error.type': optional('string'),
  'gen_ai.agent.name': optional('string'),
  'gen_ai.conversation.id': optional('string'),
  'gen_ai.tool.call.id': optional('string'),
  'gen_ai.tool.description': optional('string'),
  'gen_ai.tool.type': optional('string', ['function', 'extension', 'datastore']),
};

const mcpClient: ConventionTable = {
  'mcp.method.name': required('string', ['tools/call']),
  'error.type': optional('string'),
  'gen_ai.tool.name': required('string'),
  'jsonrpc.request.id': optional('string'),
  'rpc.response.status_code': optional('string'),
  'gen_ai.operation.name': optional('string', ['execute_tool']),
  'mcp.protocol.version': optional('string'),
  'network.transport': optional('string', ['pipe', 'tcp', 'quic']),
  'mcp.session.id': optional('string'),
  'network.protocol.name': optional('string'),
  'network.protocol.version': optional('string'),
  'server.address': optional('string'),
  'server.port': optional('int'),
};

/** The spans that a session makes: how they are named, of which kind they are, and what they say. */
export const conventionSpans: Readonly<
  Record<
    'inference' | 'invokeAgent' | 'executeTool' | 'mcpClient',
    { readonly name: RegExp; readonly kind: 'client' | 'internal'; readonly attributes: ConventionTable }
  >
> = {
  inference: { name: /^chat \S+$/, kind: 'client', attributes: inference },
  invokeAgent: { name: /^invoke_agent( .+)?$/, kind: 'internal', attributes: invokeAgent },
  executeTool: { name: /^execute_tool .+$/, kind: 'internal', attributes: executeTool },
  mcpClient: { name: /^tools\/call .+$/, kind: 'client', attributes: mcpClient },
};

/** How a metric is recorded, and with which attributes. */
export interface ConventionMetric {
  readonly unit: string;
  /** Absent for a counter. */
  readonly bounds?: readonly number[] | undefined;
  readonly attributes: ConventionTable;
}

const S = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
const T = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864];
const L = [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 51.2, 102.4, 204.8, 409.6];
const N = [1, 2, 4, 8, 16, 32, 64, 128];
const M = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300];

// The tags of our metrics are strings, and so is the port.
const base: ConventionTable = {
  'gen_ai.operation.name': required('string', ['chat']),
  'gen_ai.provider.name': required('string', PROVIDERS),
  'gen_ai.request.model': required('string'),
  'gen_ai.response.model': optional('string'),
  'server.address': optional('string'),
  'server.port': optional('string'),
};
const failing: ConventionTable = { ...base, 'error.type': optional('string') };
const counted: ConventionTable = {
  ...base,
  'gen_ai.token.modality': required('string', ['text', 'image', 'audio', 'unknown']),
};
const agent: ConventionTable = { 'gen_ai.agent.name': optional('string') };

/** The metrics of clients and agents. */
export const conventionMetrics: Readonly<Record<string, ConventionMetric>> = {
  'gen_ai.client.inference.duration': { unit: 's', bounds: S, attributes: failing },
  'gen_ai.client.inference.time_to_first_chunk': { unit: 's', bounds: S, attributes: base },
  'gen_ai.client.inference.time_per_output_chunk': { unit: 's', bounds: S, attributes: base },
  'gen_ai.client.inference.usage.input_tokens': { unit: '{token}', attributes: counted },
  'gen_ai.client.inference.usage.output_tokens': { unit: '{token}', attributes: counted },
  'gen_ai.client.inference.usage.cache_read.input_tokens': { unit: '{token}', attributes: counted },
  'gen_ai.client.inference.usage.cache_write.input_tokens': { unit: '{token}', attributes: counted },
  'gen_ai.client.inference.usage.reasoning.output_tokens': { unit: '{token}', attributes: counted },
  'gen_ai.client.inference.operation.input_tokens': { unit: '{token}', bounds: T, attributes: failing },
  'gen_ai.client.inference.operation.output_tokens': { unit: '{token}', bounds: T, attributes: failing },
  'gen_ai.invoke_agent.duration': {
    unit: 's',
    bounds: L,
    attributes: { ...agent, 'error.type': optional('string'), 'gen_ai.request.model': optional('string') },
  },
  'gen_ai.invoke_agent.inference_calls': { unit: '{inference_call}', bounds: N, attributes: agent },
  'gen_ai.invoke_agent.tool_calls': { unit: '{tool_call}', bounds: N, attributes: agent },
  'gen_ai.execute_tool.duration': {
    unit: 's',
    bounds: S,
    attributes: {
      ...agent,
      'gen_ai.tool.name': required('string'),
      'gen_ai.tool.type': optional('string', ['function', 'extension', 'datastore']),
      'error.type': optional('string'),
    },
  },
  'mcp.client.operation.duration': {
    unit: 's',
    bounds: M,
    attributes: { ...mcpClient, 'server.port': optional('string') },
  },
};
