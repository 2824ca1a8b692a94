/** Certificates of a collector that speaks TLS, as PEM text. */
export interface CollectorTls {
  readonly cert: string;
  readonly key: string;
  /** The authority that signs client certificates. */
  readonly ca?: string | undefined;
  /** Refuses clients without a certificate signed by {@link ca}. @defaultValue false */
  readonly requireClientCertificate?: boolean | undefined;
}
