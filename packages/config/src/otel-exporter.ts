/** Headers sent with every export. A function is called before each export, for tokens that expire. */
export type OtlpHeaders = Readonly<Record<string, string>> | (() => Promise<Record<string, string>>);

/** TLS material as paths of PEM files. A client certificate needs its key, and the key its certificate. */
export interface OtelTlsConfig {
  /** Over HTTP the only authorities that are trusted; over gRPC trusted besides those of the system, as in Codex. */
  readonly caCertificate?: string | undefined;
  readonly clientCertificate?: string | undefined;
  readonly clientPrivateKey?: string | undefined;
}

/** Where one signal goes. */
export type OtelExporter =
  | { readonly kind: 'none' }
  | { readonly kind: 'console' }
  | { readonly kind: 'statsig'; readonly apiKey?: string | undefined; readonly endpoint?: string | undefined }
  | {
      readonly kind: 'otlp-grpc';
      readonly endpoint: string;
      readonly headers?: OtlpHeaders | undefined;
      readonly tls?: OtelTlsConfig | undefined;
      readonly compression?: 'gzip' | 'none' | undefined;
    }
  | {
      readonly kind: 'otlp-http';
      readonly endpoint: string;
      readonly headers?: OtlpHeaders | undefined;
      readonly protocol: 'binary' | 'json';
      readonly tls?: OtelTlsConfig | undefined;
      readonly compression?: 'gzip' | 'none' | undefined;
    };
