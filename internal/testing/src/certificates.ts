/** A certificate and its private key in PEM format. */
export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
}

/** What a test of TLS needs; everything but `unknown` and `otherKey` is signed by `ca`. */
export interface TestCertificates {
  /** The authority. */
  readonly ca: TestCertificate;
  /** A server's, for `localhost`, 127.0.0.1 and ::1. */
  readonly server: TestCertificate;
  /** As {@link TestCertificates.server}, until yesterday. */
  readonly expired: TestCertificate;
  /** As {@link TestCertificates.server}, for `elsewhere.test` only. */
  readonly wrongHost: TestCertificate;
  readonly client: TestCertificate;
  /** An authority that is not trusted. */
  readonly unknownCa: TestCertificate;
  /** As {@link TestCertificates.server}, signed by {@link TestCertificates.unknownCa}. */
  readonly unknownServer: TestCertificate;
  /** As {@link TestCertificates.client}, signed by {@link TestCertificates.unknownCa}. */
  readonly unknownClient: TestCertificate;
  /** A private key that fits none of the certificates. */
  readonly otherKey: string;
}

/** Makes new keys and certificates; takes some tens of milliseconds, and the library for it loads here. */
export async function createTestCertificates(): Promise<TestCertificates> {
  const { generateCertificates } = await import('./certificate-generation.ts');
  return generateCertificates();
}
