/**
 * A URL, a path or a host without the parts that can hold secrets: user, password, query and fragment. It is treated as
 * text, since the endpoints of clients are often not complete URLs.
 */
export function shownUrl(url: string): string {
  const [address = ''] = url.split(/[?#]/, 1);
  // With a slash in a password it does not parse as a URL. Then everything before the last @ may be the password.
  const user = address.includes('//') && !URL.canParse(address) ? '.*@' : '[^\\\\/]*@';
  return address.replace(new RegExp(`^((?:[A-Za-z][A-Za-z0-9+.-]*:)?[\\\\/]{2,})?${user}`, 's'), '$1');
}
