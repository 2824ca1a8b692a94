// The library wants its decorators' polyfill first.
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import type { X509Certificate } from '@peculiar/x509';
import {
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { TestCertificate, TestCertificates } from './certificates.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const dayMillis = 86_400_000;

interface Issuer {
  readonly certificate: X509Certificate;
  readonly keys: webcrypto.CryptoKeyPair;
  readonly pem: TestCertificate;
}

interface Leaf {
  readonly subject: string;
  readonly hosts?: readonly string[];
  readonly isClient?: boolean;
  readonly notAfter?: Date;
}

/** Makes new keys and certificates. */
export async function generateCertificates(): Promise<TestCertificates> {
  cryptoProvider.set(webcrypto);
  const [ca, unknownCa] = await Promise.all([authority('CN=Test CA'), authority('CN=Unknown CA')]);
  const hosts = ['localhost', '127.0.0.1', '::1'];
  const [server, expired, wrongHost, client, unknownServer, unknownClient, other] = await Promise.all([
    leaf(ca, { subject: 'CN=localhost', hosts }),
    leaf(ca, { subject: 'CN=localhost', hosts, notAfter: new Date(Date.now() - dayMillis) }),
    leaf(ca, { subject: 'CN=elsewhere.test', hosts: ['elsewhere.test'] }),
    leaf(ca, { subject: 'CN=Test client', isClient: true }),
    leaf(unknownCa, { subject: 'CN=localhost', hosts }),
    leaf(unknownCa, { subject: 'CN=Test client', isClient: true }),
    newKeys(),
  ]);
  return {
    ca: ca.pem,
    server,
    expired,
    wrongHost,
    client,
    unknownCa: unknownCa.pem,
    unknownServer,
    unknownClient,
    otherKey: await keyPem(other),
  };
}

async function authority(subject: string): Promise<Issuer> {
  const keys = await newKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: subject,
    keys,
    signingAlgorithm: algorithm,
    ...validity(),
    extensions: [
      new BasicConstraintsExtension(true, 1, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });
  return { certificate, keys, pem: { cert: certificate.toString('pem'), key: await keyPem(keys) } };
}

async function leaf(issuer: Issuer, { subject, hosts, isClient = false, notAfter }: Leaf): Promise<TestCertificate> {
  const keys = await newKeys();
  const names = hosts?.map((value) => ({ type: /^[\d.]+$|:/.test(value) ? ('ip' as const) : ('dns' as const), value }));
  const certificate = await X509CertificateGenerator.create({
    subject,
    issuer: issuer.certificate.subject,
    publicKey: keys.publicKey,
    signingKey: issuer.keys.privateKey,
    signingAlgorithm: algorithm,
    ...validity(notAfter),
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([isClient ? ExtendedKeyUsage.clientAuth : ExtendedKeyUsage.serverAuth]),
      ...(names === undefined ? [] : [new SubjectAlternativeNameExtension(names)]),
    ],
  });
  return { cert: certificate.toString('pem'), key: await keyPem(keys) };
}

function validity(notAfter: Date = new Date(Date.now() + dayMillis)): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(notAfter.getTime() - 2 * dayMillis), notAfter };
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

async function keyPem({ privateKey }: webcrypto.CryptoKeyPair): Promise<string> {
  return PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', privateKey), PemConverter.PrivateKeyTag);
}
