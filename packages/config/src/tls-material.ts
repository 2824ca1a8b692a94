import type { KeyObject, X509Certificate } from 'node:crypto';
import { isFilePath } from './absolute-path.ts';
import { warn } from './diagnostics.ts';
import type { OtelConfigProblem } from './otel-config-error.ts';
import { present } from './present.ts';
import { readFailure } from './read-failure.ts';

/** Larger than any CA bundle. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;
const CERTIFICATE = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[^-]+-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g;

/** A PEM file and the key or variable that names it. */
export interface NamedFile {
  /** Problems are reported for this key. */
  readonly path: string;
  readonly file: string;
}

/** PEM files of one connection: a certificate and its key come together. */
export interface TlsFiles {
  readonly ca?: NamedFile | undefined;
  readonly identity?: { readonly cert: NamedFile; readonly key: NamedFile } | undefined;
}

/** The TLS material of one connection in PEM format. */
export interface TlsMaterial {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** TLS material in PEM format, or what is wrong with its files. */
export interface TlsReading {
  readonly material: TlsMaterial;
  /** Each names a file and the reason, and none of its content. */
  readonly problems: readonly OtelConfigProblem[];
}

/**
 * Reads PEM files and checks them: readable, parsed, and the key belongs to the certificate. It throws nothing: this module
 * loads with the first TLS file, and would throw its own copy of the error's class.
 */
export async function readTlsMaterial({ ca, identity }: TlsFiles): Promise<TlsReading> {
  const problems: OtelConfigProblem[] = [];
  const [caText, certText, keyText] = await Promise.all([
    readPem(ca, problems),
    readPem(identity?.cert, problems),
    readPem(identity?.key, problems),
  ]);
  if (ca !== undefined && caText !== undefined) certificates(ca, caText, problems);
  const leaf = identity && certText !== undefined ? certificates(identity.cert, certText, problems)[0] : undefined;
  const key = identity && keyText !== undefined ? privateKey(identity.key, keyText, problems) : undefined;
  if (identity !== undefined && leaf !== undefined && key !== undefined && !isKeyOf(leaf, key)) {
    const message = `the private key in '${identity.key.file}' does not belong to the certificate in '${identity.cert.file}'`;
    problems.push({ path: identity.key.path, message });
  }
  return { material: present({ ca: caText, cert: certText, key: keyText }), problems };
}

async function readPem(named: NamedFile | undefined, problems: OtelConfigProblem[]): Promise<string | undefined> {
  if (named === undefined) return undefined;
  const { path, file } = named;
  if (!isFilePath(file)) {
    problems.push({ path, message: 'found PEM text, expected a file path' });
    return undefined;
  }
  try {
    const { readFile, stat } = process.getBuiltinModule('node:fs/promises');
    const status = await stat(file);
    if (status.isFile() && status.size <= MAX_FILE_BYTES) return await readFile(file, 'utf8');
    problems.push({
      path,
      message: `'${file}' is ${status.isFile() ? `larger than ${MAX_FILE_BYTES} bytes` : 'not a file'}`,
    });
  } catch (error) {
    problems.push({ path, message: `cannot read '${file}': ${readFailure(error)}` });
  }
  return undefined;
}

function certificates({ path, file }: NamedFile, text: string, problems: OtelConfigProblem[]): X509Certificate[] {
  const blocks = text.match(CERTIFICATE) ?? [];
  if (blocks.length === 0) problems.push({ path, message: `'${file}' has no PEM certificate in it` });
  // Not imported: it should load only if there are TLS files.
  const { X509Certificate } = process.getBuiltinModule('node:crypto');
  const parsed: X509Certificate[] = [];
  for (const [index, block] of blocks.entries()) {
    try {
      const certificate = new X509Certificate(block);
      warnWhenOutOfDate(certificate, file);
      parsed.push(certificate);
    } catch {
      // OpenSSL's reason does not help a reader, and its error may hold parts of the file.
      problems.push({ path, message: `certificate number ${index + 1} in '${file}' cannot be parsed` });
    }
  }
  return parsed;
}

/** Not an error: the clock may be wrong, and the server decides. */
function warnWhenOutOfDate(certificate: X509Certificate, file: string): void {
  const now = Date.now();
  if (Date.parse(certificate.validTo) < now) warn(`a certificate in '${file}' expired on ${certificate.validTo}`);
  else if (Date.parse(certificate.validFrom) > now)
    warn(`a certificate in '${file}' is not valid before ${certificate.validFrom}`);
}

function privateKey({ path, file }: NamedFile, text: string, problems: OtelConfigProblem[]): KeyObject | undefined {
  if (/BEGIN ENCRYPTED PRIVATE KEY|Proc-Type: 4,ENCRYPTED/.test(text)) {
    problems.push({ path, message: `the private key in '${file}' is encrypted, expected one without a passphrase` });
    return undefined;
  }
  try {
    return process.getBuiltinModule('node:crypto').createPrivateKey({ key: text, format: 'pem' });
  } catch {
    problems.push({ path, message: `'${file}' has no PEM private key in it that can be parsed` });
    return undefined;
  }
}

function isKeyOf(certificate: X509Certificate, key: KeyObject): boolean {
  try {
    return certificate.checkPrivateKey(key);
  } catch {
    return false;
  }
}
