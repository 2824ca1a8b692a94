// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is what the file has
import { describe, it } from '@jest/globals';
import type { Refusal } from './parsed.ts';
import { expectRefusal, grpcWith } from './parsed.ts';

const exporters = "'none', 'console', 'statsig', { otlp-http = {…} } or { otlp-grpc = {…} }";
const url = 'a URL that starts with http:// or https://';

/** TOML and the one problem that it has. */
const refusals: readonly Refusal[] = [
  ['an unknown exporter', '[otel]\nexporter = "zipkin"', 'otel.exporter', `found 'zipkin', expected ${exporters}`],
  [
    'a misspelled exporter',
    '[otel]\ntrace_exporter = "statsg"',
    'otel.trace_exporter',
    `found 'statsg', expected ${exporters}; did you mean 'statsig'?`,
  ],
  [
    'an exporter without its table',
    '[otel]\nexporter = "otlp-http"',
    'otel.exporter',
    `found 'otlp-http', expected ${exporters}; it needs a table with its settings`,
  ],
  [
    'an exporter table with an underscore',
    '[otel]\nexporter = { otlp_http = { endpoint = "http://a" } }',
    'otel.exporter',
    `found a table with 'otlp_http', expected ${exporters}; did you mean 'otlp-http'?`,
  ],
  [
    'an exporter table without a name',
    '[otel]\nexporter = {}',
    'otel.exporter',
    `found a table, expected ${exporters}`,
  ],
  [
    'a table for an exporter without settings',
    '[otel]\nexporter = { console = {} }',
    'otel.exporter',
    `found a table with 'console', expected ${exporters}; it has no settings and no table`,
  ],
  [
    'settings without the exporter that they are for',
    '[otel.exporter]\nendpoint = "http://a"\nprotocol = "json"',
    'otel.exporter',
    `found a table with 'endpoint', 'protocol', expected ${exporters}; its settings need a table of their own, such as otlp-http`,
  ],
  [
    'two exporters in one',
    '[otel]\nexporter = { otlp-http = {}, otlp-grpc = {} }',
    'otel.exporter',
    `found a table with 'otlp-http', 'otlp-grpc', expected ${exporters}`,
  ],
  [
    'an exporter that is a number',
    '[otel]\nmetrics_exporter = 5',
    'otel.metrics_exporter',
    `found 5, expected ${exporters}`,
  ],
  ['an exporter that is a list', '[otel]\nexporter = ["none"]', 'otel.exporter', `found a list, expected ${exporters}`],
  [
    'HTTP that is not a table',
    '[otel]\nexporter = { otlp-http = "http://a" }',
    'otel.exporter.otlp-http',
    'found a string, expected a table with endpoint and protocol',
  ],
  [
    'HTTP that is a list',
    '[otel]\nexporter = { otlp-http = [] }',
    'otel.exporter.otlp-http',
    'found a list, expected a table with endpoint and protocol',
  ],
  [
    'HTTP without protocol',
    '[otel.exporter.otlp-http]\nendpoint = "http://a"',
    'otel.exporter.otlp-http.protocol',
    "missing, expected 'binary' or 'json'",
  ],
  [
    'HTTP without endpoint',
    '[otel.trace_exporter.otlp-http]\nprotocol = "json"',
    'otel.trace_exporter.otlp-http.endpoint',
    `missing, expected ${url}`,
  ],
  [
    'a misspelled endpoint',
    '[otel.exporter.otlp-http]\nendpont = "http://a"\nprotocol = "json"',
    'otel.exporter.otlp-http.endpoint',
    `missing, expected ${url}; 'endpont' is not known, did you mean 'endpoint'?`,
  ],
  [
    'gRPC without endpoint',
    '[otel]\nexporter = { otlp-grpc = {} }',
    'otel.exporter.otlp-grpc.endpoint',
    `missing, expected ${url}`,
  ],
  [
    'an unknown protocol',
    '[otel.exporter.otlp-http]\nendpoint = "http://a"\nprotocol = "http/protobuf"',
    'otel.exporter.otlp-http.protocol',
    "found 'http/protobuf', expected 'binary' or 'json'; did you mean 'binary'?",
  ],
  [
    'an endpoint of another scheme',
    '[otel.exporter.otlp-grpc]\nendpoint = "grpc://a"',
    'otel.exporter.otlp-grpc.endpoint',
    `found 'grpc://a', expected ${url}`,
  ],
  [
    'an endpoint without scheme',
    '[otel.exporter.otlp-grpc]\nendpoint = "localhost:4317"',
    'otel.exporter.otlp-grpc.endpoint',
    `found 'localhost:4317', expected ${url}`,
  ],
  [
    'an endpoint without host',
    '[otel.exporter.otlp-grpc]\nendpoint = "https://"\ntls = {}',
    'otel.exporter.otlp-grpc.endpoint',
    `found 'https://', expected ${url}`,
  ],
  [
    'an endpoint with a space at its end',
    '[otel.exporter.otlp-grpc]\nendpoint = "https://a "',
    'otel.exporter.otlp-grpc.endpoint',
    `found 'https://a ', expected ${url}`,
  ],
  [
    'an endpoint with a backslash',
    "[otel.exporter.otlp-grpc]\nendpoint = 'https://a\\v1'",
    'otel.exporter.otlp-grpc.endpoint',
    `found 'https://a\\v1', expected ${url}`,
  ],
  [
    'an endpoint with an impossible port',
    '[otel.exporter.otlp-grpc]\nendpoint = "https://a:99999"',
    'otel.exporter.otlp-grpc.endpoint',
    `found 'https://a:99999', expected ${url}`,
  ],
  [
    'an endpoint that is a number',
    '[otel.exporter.otlp-grpc]\nendpoint = 4317',
    'otel.exporter.otlp-grpc.endpoint',
    `found 4317, expected ${url}`,
  ],
  [
    'headers that are text',
    grpcWith('headers = "a=b"'),
    'otel.exporter.otlp-grpc.headers',
    'found a string, expected a table of strings',
  ],
  [
    'a header that is a number',
    grpcWith('headers = { a = 1 }'),
    'otel.exporter.otlp-grpc.headers.a',
    'found a number, expected a string',
  ],
  [
    'a header whose variable is not set',
    grpcWith('headers = { x-key = "Bearer ${TOKEN}" }'),
    'otel.exporter.otlp-grpc.headers.x-key',
    "the environment variable 'TOKEN' is not set",
  ],
  [
    'a key whose variable is not set',
    '[otel]\nmetrics_exporter = { statsig = { api_key = "${TOKEN}" } }',
    'otel.metrics_exporter.statsig.api_key',
    "the environment variable 'TOKEN' is not set",
  ],
  [
    'a helper for all signals that is a list',
    '[otel]\nheaders_helper = ["get-token"]',
    'otel.headers_helper',
    'found a list, expected the path of a program, without arguments',
  ],
  [
    'an empty helper for all signals',
    '[otel]\nheaders_helper = ""',
    'otel.headers_helper',
    'found a string, expected the path of a program that is not empty, without arguments',
  ],
  [
    'a helper with a refresh interval of 0',
    '[otel]\nheaders_helper = "/a"\nheaders_helper_refresh_interval_ms = 0',
    'otel.headers_helper_refresh_interval_ms',
    'found 0, expected a whole number from 1 to 2147483647',
  ],
  [
    'an interval of 0 for open turns',
    '[otel]\nopen_turn_interval_ms = 0',
    'otel.open_turn_interval_ms',
    'found 0, expected a whole number from 1 to 2147483647',
  ],
  [
    'a helper that is text',
    grpcWith('headers_helper = "get-token --now"'),
    'otel.exporter.otlp-grpc.headers_helper',
    'found a string, expected a command, or a table with command, ttl_ms and timeout_ms',
  ],
  [
    'a helper without a command',
    grpcWith('headers_helper = []'),
    'otel.exporter.otlp-grpc.headers_helper',
    'found a list, expected a command as an array of strings, such as ["cmd", "arg"]',
  ],
  [
    'a helper with a number in it',
    grpcWith('headers_helper = ["a", 1]'),
    'otel.exporter.otlp-grpc.headers_helper',
    'found a number, expected a command as an array of strings, such as ["cmd", "arg"]',
  ],
  [
    'a helper table without a command',
    grpcWith('headers_helper = { ttl_ms = 5 }'),
    'otel.exporter.otlp-grpc.headers_helper.command',
    'missing, expected a command as an array of strings, such as ["cmd", "arg"]',
  ],
  [
    'a helper that may run for 0 ms',
    grpcWith('headers_helper = { command = ["a"], timeout_ms = 0 }'),
    'otel.exporter.otlp-grpc.headers_helper.timeout_ms',
    'found a number, expected a whole number from 1 to 2147483647',
  ],
  [
    'unknown compression',
    grpcWith('compression = "zstd"'),
    'otel.exporter.otlp-grpc.compression',
    "found 'zstd', expected 'gzip' or 'none'",
  ],
  [
    'a certificate without its key',
    grpcWith('tls = { client-certificate = "c.pem" }'),
    'otel.exporter.otlp-grpc.tls.client-private-key',
    'missing: found only client-certificate, both are needed for mutual TLS',
  ],
  [
    'a key without its certificate',
    grpcWith('tls = { client-private-key = "k.pem" }'),
    'otel.exporter.otlp-grpc.tls.client-certificate',
    'missing: found only client-private-key, both are needed for mutual TLS',
  ],
  [
    'a client certificate over plain http',
    '[otel.exporter.otlp-http]\nendpoint = "http://a"\nprotocol = "json"\ntls = { client-certificate = "c", client-private-key = "k" }',
    'otel.exporter.otlp-http.endpoint',
    'found http://, expected https://: a client certificate is never used over plain http',
  ],
  [
    'an empty file path',
    grpcWith('tls = { ca-certificate = "" }'),
    'otel.exporter.otlp-grpc.tls.ca-certificate',
    "found '', expected a file path that is not empty",
  ],
  [
    'PEM text for a file path',
    grpcWith('tls = { ca-certificate = "-----BEGIN CERTIFICATE-----" }'),
    'otel.exporter.otlp-grpc.tls.ca-certificate',
    'found PEM text, expected a file path',
  ],
  [
    'a table that was meant to be TOML',
    "[otel]\nexporter = '{ otlp-grpc = { endpoint = a } }'",
    'otel.exporter',
    `found a table that is not valid TOML, expected ${exporters}`,
  ],
];

describe('parseOtelConfig', () => {
  it.each(refusals)('refuses %s', async (_name, toml, path, message) => {
    await expectRefusal(toml, path, message);
  });
});
