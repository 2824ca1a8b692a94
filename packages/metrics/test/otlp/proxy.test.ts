import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { basicAuthorization, proxyFor } from '../../src/otlp/proxy.ts';

describe('proxyFor', () => {
  it.each([
    ['https://a.test/', { HTTPS_PROXY: 'http://p:1' }, 'http://p:1/'],
    ['http://a.test/', { HTTP_PROXY: 'http://p:1' }, 'http://p:1/'],
    ['http://a.test/', { HTTPS_PROXY: 'http://p:1' }, undefined],
    ['https://a.test/', { HTTP_PROXY: 'http://p:1' }, undefined],
    ['https://a.test/', { https_proxy: 'http://low:1', HTTPS_PROXY: 'http://up:1' }, 'http://low:1/'],
    ['https://a.test/', { HTTPS_PROXY: 'p:8080' }, 'http://p:8080/'],
    ['https://a.test/', { HTTPS_PROXY: ' ' }, undefined],
    ['https://a.test/', { HTTPS_PROXY: 'socks5://p:1' }, undefined],
    ['https://a.test/', { HTTPS_PROXY: 'http://[bad' }, undefined],
    ['https://a.test/', {}, undefined],
    ['https://a.test/', { ALL_PROXY: 'http://p:1' }, 'http://p:1/'],
    ['http://a.test/', { all_proxy: 'p:1' }, 'http://p:1/'],
    ['http://a.test/', { ALL_PROXY: 'http://all:1', HTTP_PROXY: 'http://p:1' }, 'http://p:1/'],
    ['http://a.test/', { ALL_PROXY: 'http://p:1', NO_PROXY: 'a.test' }, undefined],
  ])('for %s with %j gives %s', (url, env, expected) => {
    expect(proxyFor(new URL(url), env)?.href).toBe(expected);
  });

  it.each([
    ['*', true],
    ['a.test', true],
    ['.a.test', true],
    ['*.a.test', true],
    ['test', true],
    ['A.TEST', true],
    ['other, a.test', true],
    ['other a.test', true],
    ['a.test:4318', true],
    ['a.test:443', false],
    ['b.a.test', false],
    ['xa.test', false],
    ['', false],
    [',', false],
    ['st', false],
  ])('with NO_PROXY=%s exempts http://a.test:4318: %p', (noProxy, exempt) => {
    const env = { HTTP_PROXY: 'http://p:1', NO_PROXY: noProxy };
    expect(proxyFor(new URL('http://a.test:4318/v1/logs'), env) === undefined).toBe(exempt);
  });

  it.each([
    ['http://127.0.0.1:4318', '127.0.0.1', true],
    ['http://[::1]:4318', '::1', true],
    ['http://[::1]:4318', '[::1]:4318', true],
    ['http://[::1]:4318', '[::1]:1', false],
    ['http://x.a.test', '.a.test', true],
    ['http://a.test./', 'a.test', true],
    ['http://127.0.0.1:4318', '127.0.0.0/8', true],
    ['http://127.0.0.1:4318', '10.0.0.0/8, 127.0.0.0/8,.corp', true],
    ['http://128.0.0.1:4318', '127.0.0.0/8', false],
    ['http://10.1.2.3', '10.1.2.3/32', true],
    ['http://10.1.2.3', '0.0.0.0/0', true],
    ['http://10.1.2.3', '10.1.2.0/33', false],
    ['http://10.1.2.3', '10.1.2.0/', false],
    ['http://10.1.2.3', 'fd00::/8', false],
    ['http://[fd00::1]', 'fd00::/8', true],
    ['http://[fd00::1]', '[fd00::]/8', true],
    ['http://ten.test', '10.0.0.0/8', false],
    ['http://10.1.2.3:4318', '10.*', true],
    ['http://10.1.2.3:4318', '10.*.3:4318', true],
    ['http://10.1.2.3:4318', '10.*.3:4317', false],
    ['http://11.1.2.3', '10.*', false],
    ['http://otel-7.eu.corp', 'otel-*.corp', true],
    ['http://otel-7.eu.corp', 'otel-*.us.corp', false],
    ['http://aba.test', 'aba*ba.test', false],
  ])('%s with NO_PROXY=%s is exempt: %p', (url, noProxy, exempt) => {
    expect(proxyFor(new URL(url), { http_proxy: 'http://p:1', no_proxy: noProxy }) === undefined).toBe(exempt);
  });

  it('takes any text in any of the variables', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (proxy, noProxy) => {
        proxyFor(new URL('https://a.test'), { HTTPS_PROXY: proxy, NO_PROXY: noProxy });
      }),
    );
  });
});

describe('basicAuthorization', () => {
  it.each([
    ['http://p:1', undefined],
    ['http://user:pa%40ss@p:1', `Basic ${Buffer.from('user:pa@ss').toString('base64')}`],
    ['http://user@p:1', `Basic ${Buffer.from('user:').toString('base64')}`],
    ['http://%E0%A4:x@p:1', `Basic ${Buffer.from('%E0%A4:x').toString('base64')}`],
  ])('of %s is %s', (url, expected) => {
    expect(basicAuthorization(new URL(url))).toBe(expected);
  });
});
