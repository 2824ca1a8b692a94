import type { Attributes } from '@opentelemetry/api';
import type { EventCase } from './event-case.ts';

const secretOutput = 'secret output\nsecond line';
const tool = {
  toolName: 'shell',
  callId: 'call-1',
  arguments: '{"command":"ls"}',
  output: 'a\nb\n',
  success: true,
  durationMillis: 42.9,
} as const;
const toolLog: Attributes = {
  tool_result_seq: 1,
  tool_name: 'shell',
  tool_namespace: 'functions',
  call_id: 'call-1',
  duration_ms: '42',
  success: 'true',
  output_truncated: false,
  agent_name: '/root',
  arguments: '{"command":"ls"}',
  output: 'a\nb\n',
  mcp_server: '',
  mcp_server_origin: '',
};
const toolTrace: Attributes = {
  tool_result_seq: '1',
  tool_name: 'shell',
  tool_namespace: 'functions',
  call_id: 'call-1',
  duration_ms: '42',
  success: 'true',
  output_truncated: false,
  arguments_length: 16,
  output_length: 4,
  output_line_count: 2,
  tool_origin: 'builtin',
  mcp_tool: false,
};
const tracedCall: Attributes = {
  'conversation.id': '01a09a08-5141-7cf0-b36b-4a52b8f3f8a1',
  turn_id: 'turn-1',
  call_id: 'call-1',
  tool_name: 'shell',
  tool_namespace: 'functions',
  tool_source: 'direct',
};

export const toolCases: readonly EventCase[] = [
  ...(
    [
      ['approved', 'Config'],
      ['approved', 'User'],
      ['approved_for_session', 'User'],
      ['denied', 'User'],
      ['abort', undefined],
      ['timed_out', 'AutomatedReviewer'],
    ] as const
  ).map(
    ([decision, source]): EventCase => ({
      title: `toolDecision: ${decision}, source ${source ?? 'absent'}`,
      record: (session, context) =>
        session.toolDecision({ toolName: 'shell', callId: 'call-1', decision, source }, context),
      log: {
        tool_name: 'shell',
        tool_namespace: 'functions',
        call_id: 'call-1',
        decision,
        ...(source === undefined ? {} : { source }),
      },
      metrics:
        source === 'User' || source === 'AutomatedReviewer'
          ? [['codex.approval.requested', 1, { tool: 'shell', approved: decision }]]
          : [],
    }),
  ),
  {
    title: 'toolDecision of a tool in a namespace',
    record: (session, context) =>
      session.toolDecision(
        { toolName: 'search', toolNamespace: 'docs', callId: 'call-1', decision: 'approved', source: 'Config' },
        context,
      ),
    log: { tool_name: 'search', tool_namespace: 'docs', call_id: 'call-1', decision: 'approved', source: 'Config' },
  },
  {
    title: 'toolResult of a built-in tool',
    record: (session, context) => session.toolResult(tool, context),
    log: toolLog,
    trace: toolTrace,
    metrics: [
      ['codex.tool.call', 1, { tool: 'shell', success: 'true' }],
      ['codex.tool.call.duration_ms', 42.9, { tool: 'shell', success: 'true' }],
    ],
  },
  {
    title: 'toolResult of an MCP tool: content on the log record, lengths on the span event',
    record: (session, context) =>
      session.toolResult(
        {
          toolName: 'query',
          toolNamespace: 'internal-mcp',
          callId: 'call-2',
          arguments: 'secret arguments',
          output: secretOutput,
          success: true,
          durationMillis: 42,
          mcpServer: 'internal-mcp',
          mcpServerOrigin: 'stdio',
        },
        context,
      ),
    log: {
      tool_result_seq: 1,
      tool_name: 'query',
      tool_namespace: 'internal-mcp',
      call_id: 'call-2',
      duration_ms: '42',
      success: 'true',
      output_truncated: false,
      agent_name: '/root',
      arguments: 'secret arguments',
      output: secretOutput,
      mcp_server: 'internal-mcp',
      mcp_server_origin: 'stdio',
    },
    trace: {
      tool_result_seq: '1',
      tool_name: 'query',
      tool_namespace: 'internal-mcp',
      call_id: 'call-2',
      duration_ms: '42',
      success: 'true',
      output_truncated: false,
      arguments_length: 16,
      output_length: 25,
      output_line_count: 2,
      tool_origin: 'mcp',
      mcp_tool: true,
    },
    metrics: [
      ['codex.tool.call', 1, { tool: 'query', success: 'true' }],
      ['codex.tool.call.duration_ms', 42, { tool: 'query', success: 'true' }],
    ],
  },
  {
    title: 'toolResult of a failure, with empty MCP keys',
    record: (session, context) =>
      session.toolResult({ ...tool, toolName: 'nonexistent', output: 'unsupported call', success: false }, context),
    log: { ...toolLog, tool_name: 'nonexistent', success: 'false', output: 'unsupported call' },
    trace: { ...toolTrace, tool_name: 'nonexistent', success: 'false', output_length: 16, output_line_count: 1 },
    metrics: [
      ['codex.tool.call', 1, { tool: 'nonexistent', success: 'false' }],
      ['codex.tool.call.duration_ms', 42.9, { tool: 'nonexistent', success: 'false' }],
    ],
  },
  {
    title: 'toolResult with a long output, a product, a sub-agent and tags of the caller',
    metadata: {
      productSku: 'somebody-elses',
      toolResultMaxBytes: 4,
      sessionSource: { kind: 'subagent', agent: 'thread-spawn', parentConversationId: 'parent-1' },
    },
    record: (session, context) =>
      session.toolResult({ ...tool, output: '12345\n6', tags: { sandbox: 'seatbelt', odd: 'a b' } }, context),
    log: {
      tool_result_seq: 1,
      tool_name: 'shell',
      tool_namespace: 'functions',
      call_id: 'call-1',
      product_sku: 'other',
      duration_ms: '42',
      success: 'true',
      output_truncated: true,
      agent_name: '01a09a08-5141-7cf0-b36b-4a52b8f3f8a1',
      arguments: '{"command":"ls"}',
      output: '1234\n[... telemetry preview truncated ...]',
      mcp_server: '',
      mcp_server_origin: '',
    },
    trace: {
      tool_result_seq: '1',
      tool_name: 'shell',
      tool_namespace: 'functions',
      call_id: 'call-1',
      product_sku: 'other',
      duration_ms: '42',
      success: 'true',
      output_truncated: true,
      arguments_length: 16,
      output_length: 7,
      output_line_count: 2,
      tool_origin: 'builtin',
      mcp_tool: false,
    },
    metrics: [
      [
        'codex.tool.call',
        1,
        {
          session_source: 'subagent_thread_spawn',
          tool: 'shell',
          success: 'true',
          sandbox: 'seatbelt',
          odd: 'a_b',
          product_sku: 'other',
        },
      ],
      [
        'codex.tool.call.duration_ms',
        42.9,
        {
          session_source: 'subagent_thread_spawn',
          tool: 'shell',
          success: 'true',
          sandbox: 'seatbelt',
          odd: 'a_b',
          product_sku: 'other',
        },
      ],
    ],
  },
  {
    title: 'logToolFailed is a whole result, whose output is the error text',
    record: (session, context) =>
      session.logToolFailed(
        { toolName: 'shell', callId: 'call-1', arguments: '{"a":1}', error: new Error('no such tool') },
        context,
      ),
    log: {
      tool_result_seq: 1,
      tool_name: 'shell',
      tool_namespace: 'functions',
      call_id: 'call-1',
      duration_ms: '0',
      success: 'false',
      output_truncated: false,
      agent_name: '/root',
      arguments: '{"a":1}',
      output: 'no such tool',
      mcp_server: '',
      mcp_server_origin: '',
    },
    trace: {
      tool_result_seq: '1',
      tool_name: 'shell',
      tool_namespace: 'functions',
      call_id: 'call-1',
      duration_ms: '0',
      success: 'false',
      output_truncated: false,
      arguments_length: 7,
      output_length: 12,
      output_line_count: 1,
      tool_origin: 'builtin',
      mcp_tool: false,
    },
    metrics: [
      ['codex.tool.call', 1, { tool: 'shell', success: 'false' }],
      ['codex.tool.call.duration_ms', 0, { tool: 'shell', success: 'false' }],
    ],
  },
  {
    title: 'logToolFailed with the required options alone',
    record: (session, context) => session.logToolFailed({ toolName: 'shell', errorMessage: 'unsupported' }, context),
    log: {
      tool_result_seq: 1,
      tool_name: 'shell',
      tool_namespace: 'functions',
      call_id: '',
      duration_ms: '0',
      success: 'false',
      output_truncated: false,
      agent_name: '/root',
      arguments: '',
      output: 'unsupported',
      mcp_server: '',
      mcp_server_origin: '',
    },
    trace: {
      tool_result_seq: '1',
      tool_name: 'shell',
      tool_namespace: 'functions',
      call_id: '',
      duration_ms: '0',
      success: 'false',
      output_truncated: false,
      arguments_length: 0,
      output_length: 11,
      output_line_count: 1,
      tool_origin: 'builtin',
      mcp_tool: false,
    },
    metrics: [
      ['codex.tool.call', 1, { tool: 'shell', success: 'false' }],
      ['codex.tool.call.duration_ms', 0, { tool: 'shell', success: 'false' }],
    ],
  },
  {
    title: 'sandboxOutcome of a call that was repeated outside the sandbox',
    record: (session, context) =>
      session.sandboxOutcome(
        {
          toolName: 'shell',
          callId: 'call-1',
          outcome: 'escalated',
          initialDurationMillis: 12.7,
          escalatedDurationMillis: 30,
        },
        context,
      ),
    log: {
      tool_name: 'shell',
      call_id: 'call-1',
      outcome: 'escalated',
      initial_duration_ms: 12,
      escalated_duration_ms: 30,
    },
    trace: {
      tool_name: 'shell',
      call_id: 'call-1',
      outcome: 'escalated',
      initial_duration_ms: '12',
      escalated_duration_ms: '30',
    },
  },
  {
    title: 'recordToolCallReceived',
    record: (session, context) =>
      session.recordToolCallReceived({ turnId: 'turn-1', callId: 'call-1', toolName: 'shell' }, context),
    trace: tracedCall,
    traceTail: {},
  },
  {
    title: 'recordToolResultReady',
    record: (session, context) =>
      session.recordToolResultReady(
        { dispatchToResultReadyMillis: 57.845104, turnId: 'turn-1', callId: 'call-1', toolName: 'shell' },
        context,
      ),
    trace: { dispatch_to_result_ready_ms: 57.845104, ...tracedCall },
    traceTail: {},
  },
];
