/** Headers sent with every export. A function is called before each export, for tokens that expire. */
export type OtlpHeaders = Readonly<Record<string, string>> | (() => Promise<Record<string, string>>);

/** TLS material as paths of PEM files. A client certificate needs its key, and the key its certificate. */
export interface OtelTlsConfig {
  /**
   * Certificate authorities. Over HTTP they are the only ones that are trusted, over gRPC they are trusted in addition
   * to the system's, as in Codex. @defaultValue the system's
   */
  readonly caCertificate?: string | undefined;
  /** Client certificate, for mutual TLS. @defaultValue none */
  readonly clientCertificate?: string | undefined;
  /** Private key of the client certificate, without a passphrase. @defaultValue none */
  readonly clientPrivateKey?: string | undefined;
}

/** Settings of an OTLP exporter, over HTTP and gRPC alike. */
export interface OtlpExporterSettings {
  /**
   * URL that starts with `http://` or `https://`. Over HTTP a URL without a path gets `/v1/logs`, `/v1/traces` or
   * `/v1/metrics`. A user and password in it are sent as `Authorization`.
   */
  readonly endpoint: string;
  /**
   * Headers of every export.
   * @defaultValue those of `OTEL_EXPORTER_OTLP_HEADERS`, which headers given here replace by name
   */
  readonly headers?: OtlpHeaders | undefined;
  /** TLS files. @defaultValue those of `OTEL_EXPORTER_OTLP_CERTIFICATE` and the like */
  readonly tls?: OtelTlsConfig | undefined;
  /** Compression of the request's body. @defaultValue `OTEL_EXPORTER_OTLP_COMPRESSION`, else `none` */
  readonly compression?: 'gzip' | 'none' | undefined;
}

/** Where one signal goes. */
export type OtelExporter =
  | {
      /** Nothing is exported. */
      readonly kind: 'none';
    }
  | {
      /** OTLP JSON on standard output, one batch a line. */
      readonly kind: 'console';
    }
  | {
      /** Codex's built-in exporter of metrics: OTLP over HTTP as JSON. */
      readonly kind: 'statsig';
      /** The key. @defaultValue `CODEX_OTEL_STATSIG_API_KEY`; without a key nothing is exported */
      readonly apiKey?: string | undefined;
      /** URL to use instead of the built-in one. */
      readonly endpoint?: string | undefined;
    }
  | ({
      /** OTLP over gRPC; needs the package `@grpc/grpc-js`. */
      readonly kind: 'otlp-grpc';
    } & OtlpExporterSettings)
  | ({
      /** OTLP over HTTP. */
      readonly kind: 'otlp-http';
      /** Encoding of the body: protobuf (`binary`) or JSON. */
      readonly protocol: 'binary' | 'json';
    } & OtlpExporterSettings);
