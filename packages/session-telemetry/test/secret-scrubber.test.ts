import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { scrubSecrets } from '../src/index.ts';

const scrub = scrubSecrets();
const shown = (text: string): string => scrub('output', text);

/** Made up here and put together from pieces, so that no scanner takes this file for a leak. */
const alnum = 'aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dF3gH5jK7m';
const hex = '0123456789abcdef'.repeat(4);
const secrets: readonly (readonly [what: string, secret: string])[] = [
  ['OpenAI', `sk-${'proj'}-${alnum}`],
  ['OpenAI, old', `sk-${alnum}`],
  ['Anthropic', `sk-${'ant'}-api03-${alnum}-${alnum}AA`],
  ['OpenRouter', `sk-${'or-v1'}-${hex}`],
  ['GitHub', `gh${'p'}_${alnum.slice(0, 36)}`],
  ['GitHub, fine-grained', `github_${'pat'}_${alnum}_${alnum}`],
  ['GitLab', `gl${'pat'}-${alnum.slice(0, 20)}`],
  ['AWS key id', `AK${'IA'}ABCDEFGHIJKLMNOP`],
  ['Google', `AI${'za'}${alnum.slice(0, 35)}`],
  ['Google OAuth', `ya${'29'}.${alnum}`],
  ['Slack', `xo${'xb'}-1234567890-${alnum.slice(0, 24)}`],
  ['Stripe', `sk_${'live'}_${alnum.slice(0, 24)}`],
  ['npm', `np${'m'}_${alnum.slice(0, 36)}`],
  ['PyPI', `py${'pi'}-${alnum}${alnum}`],
  ['Hugging Face', `h${'f'}_${alnum.slice(0, 34)}`],
  ['SendGrid', `S${'G'}.${alnum.slice(0, 22)}.${alnum}`],
  ['DigitalOcean', `do${'p'}_v1_${hex}`],
  ['Databricks', `da${'pi'}${hex.slice(0, 32)}`],
  ['Tailscale', `ts${'key'}-auth-${alnum.slice(0, 20)}`],
  ['age', `AGE-${'SECRET'}-KEY-1${'Q'.repeat(58)}`],
  ['JSON web token', `ey${'J'}hbGciOiJIUzI1NiJ9.ey${'J'}zdWIiOiIxMjM0NTYifQ.${alnum}`],
];

const armour = (kind: string): string => `-----BEGIN ${kind}-----\n${alnum}\n${alnum}==\n-----END ${kind}-----`;

describe('scrubSecrets', () => {
  it.each(secrets)('takes out a key of %s, wherever it stands', (_what, secret) => {
    for (const [before, after] of [
      ['', ''],
      ['key: ', ' ok'],
      ['"', '",'],
      ['(', ')'],
      ['a=', '\n'],
    ] as const) {
      expect(shown(`${before}${secret}${after}`)).toBe(`${before}[REDACTED]${after}`);
    }
  });

  it.each([
    ['a bearer header', `Authorization: Bearer ${alnum}`, 'Authorization: Bearer [REDACTED]'],
    ['a basic header', `authorization: Basic dXNlcjpwYXNzd29yZA==`, 'authorization: Basic [REDACTED]'],
    ['a header in JSON', `{"authorization":"Bearer ${alnum}"}`, '{"authorization":"Bearer [REDACTED]"}'],
    ['a header of curl', `curl -H 'Authorization: token ${alnum}' x`, "curl -H 'Authorization: token [REDACTED]' x"],
    ['a bearer token alone', `using bearer ${alnum} now`, 'using bearer [REDACTED] now'],
    ['a password in a URL', 'postgres://app:hunter2@db:5432/x', 'postgres://app:[REDACTED]@db:5432/x'],
    ['a token in a URL', 'https://user:p%40ss@github.com/a/b', 'https://user:[REDACTED]@github.com/a/b'],
    ['a private key', `a\n${armour('RSA PRIVATE KEY')}\nb`, 'a\n[REDACTED]\nb'],
    ['an OpenSSH key', armour('OPENSSH PRIVATE KEY'), '[REDACTED]'],
    ['a PGP key', armour('PGP PRIVATE KEY BLOCK'), '[REDACTED]'],
    ['two keys', `${armour('PRIVATE KEY')} ${armour('EC PRIVATE KEY')}!`, '[REDACTED] [REDACTED]!'],
    ['a key that is cut off', `x -----BEGIN PRIVATE KEY-----\n${alnum}`, 'x [REDACTED]'],
    ['an assigned key', 'AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCY', 'AWS_SECRET_ACCESS_KEY=[REDACTED]'],
    ['a key in JSON', '{"api_key": "a1b2c3d4e5f6g7"}', '{"api_key": "[REDACTED]"}'],
    ['a key in YAML', 'client-secret: a1b2c3d4e5f6g7', 'client-secret: [REDACTED]'],
    ['a connection string', 'AccountKey=a1B2c3D4e5F6g7H8==;x', 'AccountKey=[REDACTED];x'],
    ['a web hook', `https://hooks.slack.com/services/T00/B00/${alnum}`, 'https://hooks.slack.com/services/[REDACTED]'],
  ])('takes out %s', (_what, text, expected) => {
    expect(shown(text)).toBe(expected);
  });

  it.each([
    'The quick brown fox: nothing secret here.',
    'git commit 3f83488a1b2c3d4e5f60718293a4b5c6d7e8f901',
    'conversation 01a09a08-5141-7cf0-b36b-4a52b8f3f8a1',
    'const token: string = readToken();',
    'password: process.env.PASSWORD,',
    'api_key=$OPENAI_API_KEY',
    'Authorization: Bearer $TOKEN',
    'Authorization: Bearer <your token>',
    'max_tokens=4096, prompt_tokens: 1234567890123',
    'the bearer of this letter is authorised',
    'Basic authentication is not supported',
    'https://example.com:8443/path?a=b@c',
    'git@github.com:openai/codex.git',
    'https://example.com/a:b/c@d',
    'sk-learn is a library; task-runner; risk-averse-and-very-long-word',
    'class="sk-fading-circle-with-a-really-long-name"',
    'desk-organiser-with-a-really-long-name-0123456789',
    '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
    '-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----',
    'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
    'npm_config_registry=https://packages.example.com/npm/',
    'if (secret === undefined) throw new Error("no secret");',
    'eyJ is how JSON begins in base64',
  ])('leaves %j alone', (text) => {
    expect(shown(text)).toBe(text);
  });

  it('takes out what else it is told to, a text as it is written', () => {
    const own = scrubSecrets({ also: ['$&corp', /emp-\d+/i, ''] });
    expect(own('prompt', 'a $&corp b EMP-12 emp-3')).toBe('a [REDACTED] b [REDACTED] [REDACTED]');
  });

  it('gives the same when it is asked again', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(...secrets.map(([, secret]) => secret)), (text, secret) => {
        const once = shown(`${text} ${secret} ${text}`);
        expect(once).not.toContain(secret);
        expect(shown(once)).toBe(once);
      }),
    );
  });

  it.each([
    'eyJ',
    'eyJaaaaaaaa.',
    'eyJaaaaaaaa.eyJaaaaaaaa.',
    'sk-',
    'a.',
    'a://',
    'a://b:',
    'https://a:b',
    '-----BEGIN PRIVATE KEY-----',
    '-----BEGIN ',
    'token=',
    'token: a1',
    'authorization: bearer ',
    'bearer 1',
    'SG.aaaaaaaaaaaaaaaa.',
    'A',
    ' ',
  ])('stays linear on a megabyte of %j', (piece) => {
    // A quadratic pattern would take minutes here, and so fail by the test's own time limit.
    expect(shown(piece.repeat(Math.ceil(1_000_000 / piece.length)))).not.toBe('');
  });
});
