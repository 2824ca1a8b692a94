import type { Attributes } from '@opentelemetry/api';
import type { SessionTelemetry } from '../../src/index.ts';

/** What a session with all credentials in its environment records of them. */
export const authEnvSet: Attributes = {
  'auth.env_openai_api_key_present': true,
  'auth.env_codex_api_key_present': false,
  'auth.env_codex_api_key_enabled': true,
  'auth.env_provider_key_name': 'configured',
  'auth.env_provider_key_present': true,
  'auth.env_refresh_token_url_override_present': true,
};

/** That session. */
export const withAuthEnv = (session: SessionTelemetry): SessionTelemetry =>
  session.withAuthEnv({
    openaiApiKeyPresent: true,
    codexApiKeyPresent: false,
    codexApiKeyEnabled: true,
    providerKeyName: 'configured',
    providerKeyPresent: true,
    refreshTokenUrlOverridePresent: true,
  });
