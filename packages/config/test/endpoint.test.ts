import { describe, expect, it } from '@jest/globals';
import { endpointName, httpUrl, signalUrl, withoutCredentials } from '../src/endpoint.ts';

describe('httpUrl', () => {
  it.each([
    'http://a',
    'https://a:4318/v1/traces?x=1#y',
    'HTTPS://A',
    'http://[::1]:4318',
    `http://a/${'x'.repeat(2048 - 'http://a/'.length)}`,
  ])('reads %s', (text) => {
    expect(httpUrl(text)?.href).toBe(new URL(text).href);
  });

  it.each([
    '',
    'a',
    'ftp://a',
    'xhttp://a',
    'http:/a',
    'http:a',
    'http://',
    'http:///a',
    'http://?a',
    'http://#a',
    'http://a b',
    'http://a\\b',
    'http:// a',
    'http://a\n',
    'http://a:99999',
    `http://a/${'x'.repeat(2049 - 'http://a/'.length)}`,
  ])('refuses %j', (text) => {
    expect(httpUrl(text)).toBeUndefined();
  });

  it('refuses anything but a text', () => {
    expect(httpUrl(new URL('http://a') as unknown as string)).toBeUndefined();
  });
});

describe('signalUrl', () => {
  it.each([
    ['http://a', 'http://a/v1/logs'],
    ['http://a/', 'http://a/v1/logs'],
    ['HTTPS://a:1', 'HTTPS://a:1/v1/logs'],
    ['http://a?x=1', 'http://a/v1/logs?x=1'],
    ['http://a/?x=1#y', 'http://a/v1/logs?x=1#y'],
    ['http://a#y\n', 'http://a/v1/logs#y\n'],
    ['http://a/b', 'http://a/b'],
    ['http://a//', 'http://a//'],
    ['http://a/.?x=1', 'http://a/.?x=1'],
  ])('of %j is %j', (endpoint, url) => {
    expect(signalUrl(endpoint, 'logs')).toBe(url);
  });
});

describe('withoutCredentials', () => {
  const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`;
  it.each([
    ['http://user:pass@a/b', 'http://a/b', 'user:pass'],
    ['http://user@a', 'http://a', 'user:'],
    ['http://:pass@a', 'http://a', ':pass'],
    ['http://us%40er:p%C3%BCss@a/x@y', 'http://a/x@y', 'us@er:püss'],
    ['http://100%:x@a', 'http://a', '100%:x'],
  ])('removes credentials from %s', (endpoint, rest, pair) => {
    expect(withoutCredentials(endpoint)).toEqual({ endpoint: rest, authorization: basic(pair) });
  });

  it.each(['http://a/x@y', 'http://a', 'not a URL'])('does not change %s', (endpoint) => {
    expect(withoutCredentials(endpoint)).toEqual({ endpoint });
  });
});

describe('endpointName', () => {
  it('shows neither credentials nor a query', () => {
    expect(endpointName('https://user:pass@a:4318/v1/logs?key=secret#x')).toBe('https://a:4318/v1/logs');
    expect(endpointName('secret')).toBe('an endpoint that is not a URL');
  });
});
