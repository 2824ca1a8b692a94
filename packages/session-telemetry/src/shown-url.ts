/**
 * A URL, a path or a host as telemetry may show it: without the parts that hold secrets, which are user, password,
 * query and fragment. It is cut as text, since what a client calls an endpoint is often no whole URL.
 */
export function shownUrl(url: string): string {
  const [address = ''] = url.split(/[?#]/, 1);
  // A slash in a password makes the whole no URL; then all before the last @ may be the password.
  const user = address.includes('//') && !URL.canParse(address) ? '.*@' : '[^\\\\/]*@';
  return address.replace(new RegExp(`^((?:[A-Za-z][A-Za-z0-9+.-]*:)?[\\\\/]{2,})?${user}`, 's'), '$1');
}
