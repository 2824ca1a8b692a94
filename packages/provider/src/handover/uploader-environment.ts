/**
 * The variables that a process of this runtime needs to start, to find its temporary files, and to reach a collector.
 * No others are passed on: variables may contain keys, and other processes of the user can read them.
 */
const NEEDED = new Set([
  // Programs, libraries, the user
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'LD_LIBRARY_PATH',
  'DYLD_LIBRARY_PATH',
  'DYLD_FALLBACK_LIBRARY_PATH',
  'NIX_LD',
  'NIX_LD_LIBRARY_PATH',
  // Temporary files, language, time
  'TMPDIR',
  'TMP',
  'TEMP',
  'LANG',
  'LANGUAGE',
  'TZ',
  // Windows
  'APPDATA',
  'COMSPEC',
  'HOMEDRIVE',
  'HOMEPATH',
  'LOCALAPPDATA',
  'NUMBER_OF_PROCESSORS',
  'PATHEXT',
  'PROGRAMDATA',
  'PROGRAMFILES',
  'SYSTEMDRIVE',
  'SYSTEMROOT',
  'USERNAME',
  'USERPROFILE',
  'WINDIR',
  // Proxies
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'ALL_PROXY',
  'NO_PROXY',
  // Certificate authorities
  'NODE_EXTRA_CA_CERTS',
  'NODE_USE_SYSTEM_CA',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'OPENSSL_CONF',
  'DENO_CERT',
  'DENO_TLS_CA_STORE',
  'DENO_DIR',
]);

/**
 * The environment of an uploader. Names are compared without case: Windows ignores it, and proxies are written in both.
 */
export function uploaderEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const needed: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(env)) {
    const upper = name.toUpperCase();
    if (NEEDED.has(upper) || upper.startsWith('LC_')) needed[name] = value;
  }
  // In Electron the program is the application, unless this variable makes it run as Node.
  return process.versions.electron === undefined ? needed : { ...needed, ELECTRON_RUN_AS_NODE: '1' };
}
