import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import type { Env, OtelTlsConfig } from '@codex-otel/config';
import { isOtelConfigError, resolveOtlpConnection } from '@codex-otel/config';
import type { TestCertificates } from '@codex-otel/testing';
import { createTestCertificates } from '@codex-otel/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { diagMessages } from './diag-messages.ts';

const messages = diagMessages();

let folder: string;
let certificates: TestCertificates;

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'codex-otel-tls-'));
  certificates = await createTestCertificates();
  const { ca, client, unknownCa, expired, otherKey } = certificates;
  const encrypted = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' },
  });
  const files = {
    'ca.pem': ca.cert,
    'two.pem': `# first\n${ca.cert}\n# second\n${unknownCa.cert}`,
    'client.pem': client.cert,
    'client.key': client.key,
    'expired.pem': expired.cert,
    'other.key': otherKey,
    'encrypted.key': encrypted.privateKey,
    'text.pem': 'secret text',
    'huge.pem': `${ca.cert}${'#'.repeat(4_194_304)}`,
    'broken.pem': ca.cert.replace(/\n[A-Za-z]{8}/, '\nAAAAAAAA'),
    'broken.key': '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  mkdirSync(path.join(folder, 'folder.pem'));
});

afterAll(() => rmSync(folder, { recursive: true }));

const at = (name: string) => path.join(folder, name);
const connect = (tls: OtelTlsConfig, env: Env = {}) =>
  resolveOtlpConnection({ kind: 'otlp-http', endpoint: 'https://c.example', protocol: 'binary', tls }, 'logs', env);
const bare = (env: Env, endpoint = 'https://c.example') =>
  resolveOtlpConnection({ kind: 'otlp-http', endpoint, protocol: 'binary' }, 'logs', env);

describe('TLS material', () => {
  it('is read from the files', async () => {
    const { tls } = await connect({
      caCertificate: at('two.pem'),
      clientCertificate: at('client.pem'),
      clientPrivateKey: at('client.key'),
    });
    expect(tls).toEqual({
      ca: `# first\n${certificates.ca.cert}\n# second\n${certificates.unknownCa.cert}`,
      cert: certificates.client.cert,
      key: certificates.client.key,
    });
    expect(messages).toEqual([]);
  });

  it('is absent if nothing is configured', async () => {
    expect(await connect({})).not.toHaveProperty('tls');
    expect(await bare({})).not.toHaveProperty('tls');
  });

  it.each<[string, OtelTlsConfig, readonly [key: string, message: string][]]>([
    [
      'a missing authority',
      { caCertificate: 'gone.pem' },
      [['ca-certificate', "cannot read '<gone.pem>': no such file"]],
    ],
    ['a huge file', { caCertificate: 'huge.pem' }, [['ca-certificate', "'<huge.pem>' is larger than 4194304 bytes"]]],
    ['a folder', { caCertificate: 'folder.pem' }, [['ca-certificate', "'<folder.pem>' is not a file"]]],
    ['text', { caCertificate: 'text.pem' }, [['ca-certificate', "'<text.pem>' has no PEM certificate in it"]]],
    [
      'a broken certificate',
      { caCertificate: 'broken.pem' },
      [['ca-certificate', "certificate number 1 in '<broken.pem>' cannot be parsed"]],
    ],
    [
      'a file that is not a key',
      { clientCertificate: 'client.pem', clientPrivateKey: 'broken.key' },
      [['client-private-key', "'<broken.key>' has no PEM private key in it that can be parsed"]],
    ],
    [
      'an encrypted key',
      { clientCertificate: 'client.pem', clientPrivateKey: 'encrypted.key' },
      [['client-private-key', "the private key in '<encrypted.key>' is encrypted, expected one without a passphrase"]],
    ],
    [
      "somebody else's key",
      { clientCertificate: 'client.pem', clientPrivateKey: 'other.key' },
      [['client-private-key', "the private key in '<other.key>' does not belong to the certificate in '<client.pem>'"]],
    ],
    [
      'everything at once',
      { caCertificate: 'gone.pem', clientCertificate: 'text.pem', clientPrivateKey: 'text.pem' },
      [
        ['ca-certificate', "cannot read '<gone.pem>': no such file"],
        ['client-certificate', "'<text.pem>' has no PEM certificate in it"],
        ['client-private-key', "'<text.pem>' has no PEM private key in it that can be parsed"],
      ],
    ],
  ])('refuses %s', async (_name, files, problems) => {
    const tls = Object.fromEntries(Object.entries(files).map(([key, name]) => [key, at(name)]));
    const error: unknown = await connect(tls).catch((reason: unknown) => reason);
    expect(isOtelConfigError(error) && error.problems).toEqual(
      problems.map(([key, message]) => ({
        path: `otel.exporter.otlp-http.tls.${key}`,
        message: message.replace(/<([^>]+)>/g, (_whole, name: string) => at(name)),
      })),
    );
    expect(inspect(error)).not.toMatch(/PRIVATE KEY-----|secret text/);
  });

  it('warns about a certificate that is out of date', async () => {
    await connect({ caCertificate: at('expired.pem') });
    expect(messages).toHaveLength(1);
    expect(messages[0]).toContain(`a certificate in '${at('expired.pem')}' expired on `);
  });

  it('warns if it has no effect', async () => {
    await resolveOtlpConnection(
      { kind: 'otlp-grpc', endpoint: 'http://c.example', tls: { caCertificate: at('ca.pem') } },
      'logs',
      {},
    );
    expect(messages).toEqual([
      'warn: codex-otel/config: otel.exporter.otlp-grpc.tls: TLS files have no effect on an http:// endpoint',
    ]);
  });

  describe('of the environment', () => {
    it("sets what the settings do not, the signal's variable before the general one", async () => {
      const { tls } = await bare({
        OTEL_EXPORTER_OTLP_CERTIFICATE: at('two.pem'),
        OTEL_EXPORTER_OTLP_LOGS_CERTIFICATE: at('ca.pem'),
        OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: at('client.pem'),
        OTEL_EXPORTER_OTLP_CLIENT_KEY: at('other.key'),
        OTEL_EXPORTER_OTLP_LOGS_CLIENT_KEY: at('client.key'),
      });
      expect(tls).toEqual({ ca: certificates.ca.cert, cert: certificates.client.cert, key: certificates.client.key });
    });

    it('has lower precedence than the settings', async () => {
      const env = {
        OTEL_EXPORTER_OTLP_CERTIFICATE: at('gone.pem'),
        OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: at('gone.pem'),
        OTEL_EXPORTER_OTLP_CLIENT_KEY: at('gone.pem'),
      };
      const own = {
        caCertificate: at('ca.pem'),
        clientCertificate: at('client.pem'),
        clientPrivateKey: at('client.key'),
      };
      expect((await connect(own, env)).tls).toEqual({
        ca: certificates.ca.cert,
        cert: certificates.client.cert,
        key: certificates.client.key,
      });
      expect(messages).toEqual([]);
    });

    it('is ignored with a warning if it cannot be used', async () => {
      const { tls } = await bare({
        OTEL_EXPORTER_OTLP_CERTIFICATE: at('ca.pem'),
        OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: at('client.pem'),
        OTEL_EXPORTER_OTLP_CLIENT_KEY: at('other.key'),
      });
      expect(tls).toEqual({ ca: certificates.ca.cert });
      expect(messages).toEqual([
        `warn: codex-otel/config: ignored: OTEL_EXPORTER_OTLP_CLIENT_KEY: the private key in '${at('other.key')}' does not belong to the certificate in '${at('client.pem')}'`,
      ]);
    });

    it('is ignored without being shown if it is PEM text', async () => {
      const env = {
        OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: certificates.client.cert,
        OTEL_EXPORTER_OTLP_CLIENT_KEY: certificates.client.key,
      };
      expect((await bare(env)).tls).toBeUndefined();
      expect(messages).toHaveLength(1);
      expect(messages[0]).toContain('OTEL_EXPORTER_OTLP_CLIENT_KEY: found PEM text, expected a file path');
      expect(messages[0]).not.toContain('BEGIN');
    });

    it('is ignored with a warning if it is half of a pair', async () => {
      expect((await bare({ OTEL_EXPORTER_OTLP_CLIENT_KEY: at('client.key') })).tls).toBeUndefined();
      expect(messages).toEqual([
        'warn: codex-otel/config: OTEL_EXPORTER_OTLP_CLIENT_KEY: ignored, mutual TLS needs a client certificate and its key',
      ]);
    });
  });
});
