import { readFile } from 'node:fs/promises';
import path from 'node:path';
import ts from 'typescript';

const printer = ts.createPrinter({ removeComments: true, newLine: ts.NewLineKind.LineFeed });

/**
 * The public surface of a package as text: for each entry, in alphabetical order, the declarations that it exports and
 * those that they need, without comments. Read from the build output, since users compile against that.
 */
export async function surfaceOf(folder: string): Promise<string> {
  const manifest = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
  const sections: string[] = [];
  for (const [subpath, target] of Object.entries<Entry | string>(manifest.exports)) {
    if (typeof target === 'string') continue;
    const declarations = await declarationsOf(path.join(folder, target.import.types));
    sections.push(
      `## \`${path.posix.join(manifest.name, subpath)}\`\n\n\`\`\`ts\n${declarations.join('\n')}\n\`\`\`\n`,
    );
  }
  const about = 'The public surface, written by `npm run api`. A change of it needs a changeset.';
  return `# ${manifest.name}\n\n${about}\n\n${sections.join('\n')}`;
}

interface Entry {
  readonly import: { readonly types: string };
}

/** The declarations of a file, and of the files beside it that it imports from. */
async function declarationsOf(file: string): Promise<readonly string[]> {
  const seen = new Set<string>();
  const exported = new Set<string>();
  const found: { readonly name: string; readonly text: string }[] = [];
  async function read(name: string, isEntry: boolean): Promise<void> {
    if (seen.has(name)) return;
    seen.add(name);
    const source = ts.createSourceFile(name, await readFile(name, 'utf8'), ts.ScriptTarget.Latest, true);
    for (const statement of source.statements) {
      if (ts.isImportDeclaration(statement)) {
        const from = (statement.moduleSpecifier as ts.StringLiteral).text;
        if (from.startsWith('.')) await read(path.join(path.dirname(name), from.replace(/\.mjs$/, '.d.mts')), false);
      } else if (ts.isExportDeclaration(statement)) {
        if (!isEntry || statement.exportClause === undefined || !ts.isNamedExports(statement.exportClause)) continue;
        for (const element of statement.exportClause.elements) exported.add(element.name.text);
      } else {
        const text = printer.printNode(ts.EmitHint.Unspecified, statement, source);
        found.push({ name: nameOf(statement), text });
      }
    }
  }
  await read(file, true);
  const order = found.sort(
    (a, b) => Number(exported.has(b.name)) - Number(exported.has(a.name)) || compare(a.name, b.name),
  );
  return order.map(({ name, text }) => (exported.has(name) ? `export ${text}` : text));
}

function nameOf(statement: ts.Statement): string {
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations[0]?.name.getText() ?? '';
  const { name } = statement as { name?: ts.Identifier };
  return name?.text ?? '';
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
