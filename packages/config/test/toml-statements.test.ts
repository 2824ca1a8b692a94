import { describe, expect, it } from '@jest/globals';
import { tomlStatements } from '../src/toml-statements.ts';

const ofOtel = (text: string) => tomlStatements(text, (key) => key === 'otel');

describe('tomlStatements', () => {
  it.each<[string, string, string]>([
    ['a key', 'a = 1\notel = 2\nb = 3', '\notel = 2\n'],
    ['a dotted key', 'otel.a = 1\nb.otel = 2', 'otel.a = 1\n'],
    ['a table', '[a]\nx = 1\n[otel]\ny = 2\n[b]\nz = 3\n', '\n\n[otel]\ny = 2\n\n\n'],
    ['a key of another table', '[a]\notel = 1\n', '\n\n'],
    ['a table below it', '[otel.a]\nx = 1', '[otel.a]\nx = 1'],
    ['a table below another', '[a.otel]\nx = 1', '\n'],
    ['a list of tables', '[[otel]]\nx = 1\n[[a]]\nx = 1', '[[otel]]\nx = 1\n\n'],
    ['white space', ' \t[ \totel ]\n \tx = 1\n', ' \t[ \totel ]\n \tx = 1\n'],
    ['a byte-order mark', '\u{feff}otel = 1', '\u{feff}otel = 1'],
    ['quotes', '"otel" = 1\n\'otel\' = 2\n"a" = 3\n', '"otel" = 1\n\'otel\' = 2\n\n'],
    [
      'escapes',
      '"\\u006ftel" = 1\n"\\otel" = 2\n"\\u006Ftel" = 3\n"\\u0061" = 4',
      '"\\u006ftel" = 1\n"\\otel" = 2\n"\\u006Ftel" = 3\n',
    ],
    ['a bracket in quotes', '["otel"]\nx = 1\n', '["otel"]\nx = 1\n'],
    ['empty lines and comments', '# otel = 1\n\notel = 1 # x [\n# y\n', '\n\notel = 1 # x [\n\n'],
    ['comments in its table', '[otel]\n# x "\ny = 1\n', '[otel]\n\ny = 1\n'],
  ])('keeps statements by their first key: %s', (_what, text, kept) => {
    expect(ofOtel(text)).toBe(kept);
  });

  it.each<[string, string]>([
    ['brackets', '[\n1,\n2\n]'],
    ['nested brackets', '[ { a = [\n1 ] },\n2\n]'],
    ['braces', '{ a = 1,\nb = 2 }'],
    ['a bracket in a string', '[ "]",\n2 ]'],
    ['a bracket in a comment', '[ # ]\n2 ]'],
    ['a long string', '"""\n[a]\n"""'],
    ['a long literal string', "'''\n[a]\n'''"],
    ['quotes before the end of a long string', '"""\n""x""""'],
    ['five quotes at the end of a long string', '"""\nx"""""'],
    ['an escaped quote', '"\\"["'],
    ['an escaped quote in a long string', '"""\\"""\n"""'],
    ['a backslash in a literal string', "'\\'"],
    ['an escaped backslash', '"\\\\"'],
    ['a quote in the other quotes', "'\"['"],
  ])('finds the end of a value with %s', (_what, value) => {
    expect(ofOtel(`otel = ${value}\nb = 2\n`)).toBe(`otel = ${value}\n\n`);
    const breaks = value.replace(/[^\n]/g, '');
    expect(ofOtel(`a = ${value}\notel = 2\n`)).toBe(`${breaks}\notel = 2\n`);
  });

  it('ends an unclosed string at the end of its line', () => {
    expect(ofOtel('a = "x\notel = 1\n')).toBe('\notel = 1\n');
    expect(ofOtel("a = 'x\notel = 1\n")).toBe('\notel = 1\n');
  });

  it.each(['a = [', 'a = {', 'a = """', "a = '''", 'a = [ "x", # y'])(
    'shows the parser the start of a statement that is not closed: %s',
    (start) => {
      const text = `${start}\n${'otel = 1\n'.repeat(50)}`;
      expect(ofOtel(text)).toBe(text.slice(0, 200));
      expect(ofOtel(`otel.${text}`)).toBe(`otel.${text}`);
    },
  );

  it('does not count closing brackets that have no opening one', () => {
    expect(ofOtel('a = ]]\notel = 1\n')).toBe('\notel = 1\n');
  });

  it('reads a last statement that has no line break', () => {
    expect([ofOtel(''), ofOtel('otel = [1]'), ofOtel('a = [1]'), ofOtel('otel = "x"')]).toEqual([
      '',
      'otel = [1]',
      '',
      'otel = "x"',
    ]);
    expect(ofOtel('a = "x')).toBe('');
    expect(ofOtel('otel = 1 # x')).toBe('otel = 1 # x');
  });
});
