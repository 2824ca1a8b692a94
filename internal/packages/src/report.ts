import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from './commands.ts';
import { installs, packedKilobytes, pageBytes } from './limits.ts';
import type { PackedPackage } from './packed.ts';

/** What was measured. */
export interface Report {
  readonly packed: readonly PackedPackage[];
  /** By the name of the install. */
  readonly installs: Record<string, { readonly packages: number; readonly megabytes: number }>;
  /** Bytes by page and bundler. */
  readonly pages: Record<string, Readonly<Record<string, number>>>;
}

/** Writes docs/packages.md. */
export async function writeReport({ packed, installs: measured, pages }: Report): Promise<void> {
  const rows = {
    packed: packed.map(({ name, bytes }) => [`\`${name}\``, kilobytes(bytes), String(packedKilobytes[name])]),
    installs: Object.entries(installs).map(([name, { install, packages, megabytes }]) => [
      name,
      install.map((each) => `\`${each}\``).join(' '),
      `${measured[name]?.packages} (${packages})`,
      `${measured[name]?.megabytes.toFixed(1)} (${megabytes})`,
    ]),
    pages: Object.entries(pageBytes).map(([page, limit]) => [
      `\`${page}\``,
      ...Object.values(pages[page] ?? {}).map(String),
      String(limit),
    ]),
  };
  const bundlers = Object.keys(Object.values(pages)[0] ?? {});
  const text = `# Packages

Written by \`npm run packages\`, which packs the packages, installs them into empty projects, compiles and runs what uses
them, and fails where a limit (in brackets) is exceeded or a package manager warns. CI runs its short form.

## Tarballs

${table(['package', 'kB packed', 'limit'], rows.packed)}

## Installs

By npm, with \`@opentelemetry/api\`; packages are counted without it. pnpm, yarn and bun install the same without a warning.

${table(['install', 'of', 'packages', 'MB'], rows.installs)}

## Pages

Bytes of a page's script, minified and compressed. Each runs in Chromium.

${table(['page', ...bundlers, 'limit'], rows.pages)}
`;
  await writeFile(path.join(root, 'docs', 'packages.md'), text);
}

function kilobytes(bytes: number): string {
  return (bytes / 1000).toFixed(1);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
