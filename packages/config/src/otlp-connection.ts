/** One signal's connection, with everything looked up, read and checked. */
export interface OtlpConnection {
  readonly protocol: 'http/protobuf' | 'http/json' | 'grpc';
  readonly url: string;
  headers(): Promise<Readonly<Record<string, string>>>;
  readonly timeoutMillis: number;
  readonly compression: 'gzip' | 'none';
  /** PEM texts. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
}
