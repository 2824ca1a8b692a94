import { authEnvOff } from '../session-fixture.ts';
import { authEnvSet, withAuthEnv } from './auth-env.ts';
import type { EventCase } from './event-case.ts';

const start = {
  providerName: 'OpenAI',
  reasoningSummary: 'auto',
  approvalPolicy: 'never',
  sandboxPolicy: 'workspace-write',
} as const;

export const sessionCases: readonly EventCase[] = [
  {
    title: 'conversationStarts with all options',
    record: (session, context) =>
      session.conversationStarts(
        {
          ...start,
          reasoningEffort: 'high',
          contextWindow: 272_000,
          autoCompactTokenLimit: 200_000,
          mcpServers: ['docs', 'codex_apps'],
        },
        context,
      ),
    log: {
      'config.legacy_multi_agent_disabled_sources': 'none',
      provider_name: 'OpenAI',
      ...authEnvOff,
      reasoning_effort: 'high',
      reasoning_summary: 'auto',
      context_window: 272_000,
      auto_compact_token_limit: 200_000,
      approval_policy: 'never',
      sandbox_policy: 'workspace-write',
      mcp_servers: 'docs, codex_apps',
    },
    trace: {
      'config.legacy_multi_agent_disabled_sources': 'none',
      provider_name: 'OpenAI',
      ...authEnvOff,
      reasoning_effort: 'high',
      reasoning_summary: 'auto',
      context_window: 272_000,
      auto_compact_token_limit: 200_000,
      approval_policy: 'never',
      sandbox_policy: 'workspace-write',
      mcp_server_count: 2,
    },
  },
  {
    title:
      'conversationStarts with the required options alone: other keys are left out, an empty list is an empty string',
    record: (session, context) => session.conversationStarts({ ...start, mcpServers: [] }, context),
    log: {
      'config.legacy_multi_agent_disabled_sources': 'none',
      provider_name: 'OpenAI',
      ...authEnvOff,
      reasoning_summary: 'auto',
      approval_policy: 'never',
      sandbox_policy: 'workspace-write',
      mcp_servers: '',
    },
    trace: {
      'config.legacy_multi_agent_disabled_sources': 'none',
      provider_name: 'OpenAI',
      ...authEnvOff,
      reasoning_summary: 'auto',
      approval_policy: 'never',
      sandbox_policy: 'workspace-write',
      mcp_server_count: 0,
    },
  },
  {
    title: 'conversationStarts with the environment group',
    record: (session, context) => withAuthEnv(session).conversationStarts({ ...start, mcpServers: [] }, context),
    log: {
      'config.legacy_multi_agent_disabled_sources': 'none',
      provider_name: 'OpenAI',
      ...authEnvSet,
      reasoning_summary: 'auto',
      approval_policy: 'never',
      sandbox_policy: 'workspace-write',
      mcp_servers: '',
    },
    trace: {
      'config.legacy_multi_agent_disabled_sources': 'none',
      provider_name: 'OpenAI',
      ...authEnvSet,
      reasoning_summary: 'auto',
      approval_policy: 'never',
      sandbox_policy: 'workspace-write',
      mcp_server_count: 0,
    },
  },
  {
    title: 'userPrompt with text and images, prompts on',
    record: (session, context) =>
      session.userPrompt(
        [{ type: 'text', text: 'super secret prompt' }, { type: 'image' }, { type: 'local_image' }],
        context,
      ),
    log: { prompt_length: '19', prompt: 'super secret prompt' },
    trace: { prompt_length: '19', text_input_count: 1, image_input_count: 1, local_image_input_count: 1 },
  },
  {
    title: 'userPrompt, prompts off',
    metadata: { logUserPrompts: false },
    record: (session, context) => session.userPrompt([{ type: 'text', text: 'super secret prompt' }], context),
    log: { prompt_length: '19', prompt: '[REDACTED]' },
    trace: { prompt_length: '19', text_input_count: 1, image_input_count: 0, local_image_input_count: 0 },
  },
  {
    title: 'userPrompt counts characters, not bytes or UTF-16 units',
    record: (session, context) =>
      session.userPrompt(
        [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'é😀' },
        ],
        context,
      ),
    log: { prompt_length: '3', prompt: 'aé😀' },
    trace: { prompt_length: '3', text_input_count: 2, image_input_count: 0, local_image_input_count: 0 },
  },
  {
    title: 'recordAuthRecovery',
    record: (session, context) =>
      session.recordAuthRecovery(
        {
          authMode: 'managed',
          authStep: 'reload',
          authOutcome: 'recovery_succeeded',
          authRequestId: 'req-401',
          authCfRay: 'ray-401',
          authError: 'missing_authorization_header',
          authErrorCode: 'token_expired',
          authStateChanged: true,
        },
        context,
      ),
    log: {
      'auth.mode': 'managed',
      'auth.step': 'reload',
      'auth.outcome': 'recovery_succeeded',
      'auth.request_id': 'req-401',
      'auth.cf_ray': 'ray-401',
      'auth.error': 'missing_authorization_header',
      'auth.error_code': 'token_expired',
      'auth.state_changed': true,
    },
    trace: {
      'auth.mode': 'managed',
      'auth.step': 'reload',
      'auth.outcome': 'recovery_succeeded',
      'auth.request_id': 'req-401',
      'auth.cf_ray': 'ray-401',
      'auth.error': 'missing_authorization_header',
      'auth.error_code': 'token_expired',
      'auth.state_changed': true,
    },
  },
  {
    title: 'recordStartupPhase with a status',
    record: (session, context) =>
      session.recordStartupPhase(
        { startupPhase: 'startup_prewarm_resolve', startupStatus: 'ready', durationMillis: 7 },
        context,
      ),
    log: { 'startup.phase': 'startup_prewarm_resolve', 'startup.status': 'ready', duration_ms: '7' },
    trace: { 'startup.phase': 'startup_prewarm_resolve', 'startup.status': 'ready', duration_ms: '7' },
    metrics: [['codex.startup.phase.duration_ms', 7, { phase: 'startup_prewarm_resolve', status: 'ready' }]],
  },
  {
    title: 'recordStartupPhase without a status',
    record: (session, context) =>
      session.recordStartupPhase({ startupPhase: 'thread_start_total', durationMillis: 7 }, context),
    log: { 'startup.phase': 'thread_start_total', duration_ms: '7' },
    trace: { 'startup.phase': 'thread_start_total', duration_ms: '7' },
    metrics: [['codex.startup.phase.duration_ms', 7, { phase: 'thread_start_total' }]],
  },
  {
    title: 'recordPluginInstallElicitationSent',
    record: (session, context) =>
      session.recordPluginInstallElicitationSent(
        { pluginInstallToolType: 'connector', pluginInstallToolId: 'conn-1', pluginInstallToolName: 'Calendar' },
        context,
      ),
    log: {
      'plugin_install.tool_type': 'connector',
      'plugin_install.tool_id': 'conn-1',
      'plugin_install.tool_name': 'Calendar',
    },
    trace: {
      'plugin_install.tool_type': 'connector',
      'plugin_install.tool_id': 'conn-1',
      'plugin_install.tool_name': 'Calendar',
    },
    metrics: [['codex.plugins.install_elicitation.sent', 1, { tool_type: 'connector' }]],
  },
  {
    title: 'recordPluginInstallSuggestion',
    record: (session, context) =>
      session.recordPluginInstallSuggestion(
        {
          pluginInstallToolType: 'plugin',
          pluginInstallToolId: 'plug-1',
          pluginInstallToolName: 'Lint',
          pluginInstallResponseAction: 'accept',
          pluginInstallUserConfirmed: true,
          pluginInstallCompleted: false,
        },
        context,
      ),
    log: {
      'plugin_install.tool_type': 'plugin',
      'plugin_install.tool_id': 'plug-1',
      'plugin_install.tool_name': 'Lint',
      'plugin_install.response_action': 'accept',
      'plugin_install.user_confirmed': true,
      'plugin_install.completed': false,
    },
    trace: {
      'plugin_install.tool_type': 'plugin',
      'plugin_install.tool_id': 'plug-1',
      'plugin_install.tool_name': 'Lint',
      'plugin_install.response_action': 'accept',
      'plugin_install.user_confirmed': true,
      'plugin_install.completed': false,
    },
    metrics: [
      ['codex.plugins.install_suggestion', 1, { tool_type: 'plugin', response_action: 'accept', completed: 'false' }],
    ],
  },
  {
    title: 'skillInvocation has these keys and no others',
    metadata: { userId: 'user-1' },
    record: (session, context) =>
      session.skillInvocation(
        {
          turnId: 'turn-1',
          skillName: 'release-notes',
          skillScope: 'repo',
          skillPluginId: 'plug-1',
          skillInvocationType: 'explicit',
        },
        context,
      ),
    log: {
      'conversation.id': '01a09a08-5141-7cf0-b36b-4a52b8f3f8a1',
      'turn.id': 'turn-1',
      'user.id': 'user-1',
      'user.account_id': 'acct-1',
      'skill.name': 'release-notes',
      'skill.scope': 'repo',
      'skill.plugin_id': 'plug-1',
      'skill.invocation_type': 'explicit',
      model: 'gpt-5.1-codex',
      'app.version': '0.158.0',
      originator: 'codex_cli_rs',
      auth_mode: 'Chatgpt',
    },
    logTail: {},
  },
  {
    title: 'skillInvocation without a ChatGPT user',
    metadata: { userId: 'user-1', authMode: 'ApiKey', accountId: undefined },
    record: (session, context) =>
      session.skillInvocation(
        { turnId: 'turn-1', skillName: 'release-notes', skillInvocationType: 'implicit' },
        context,
      ),
    log: {
      'conversation.id': '01a09a08-5141-7cf0-b36b-4a52b8f3f8a1',
      'turn.id': 'turn-1',
      'skill.name': 'release-notes',
      'skill.invocation_type': 'implicit',
      model: 'gpt-5.1-codex',
      'app.version': '0.158.0',
      originator: 'codex_cli_rs',
      auth_mode: 'ApiKey',
    },
    logTail: {},
  },
];
