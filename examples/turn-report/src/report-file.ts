import { open } from 'node:fs/promises';
import type { Telemetry } from './model/telemetry.ts';
import { loadPageBundle } from './page-bundle.ts';
import { reportHtml } from './page-html.ts';
import { withoutContent } from './without-content.ts';

/** The page with its telemetry as one file. @param options.content - Whether it contains prompts, arguments and outputs. */
export async function reportPage(telemetry: Telemetry, options: { readonly content: boolean }): Promise<string> {
  return reportHtml(await loadPageBundle(), options.content ? telemetry : withoutContent(telemetry));
}

/** Writes the page to a file that only its owner may read. An existing file is replaced. */
export async function writeReport(
  file: string,
  telemetry: Telemetry,
  options: { readonly content: boolean },
): Promise<void> {
  const html = await reportPage(telemetry, options);
  const handle = await open(file, 'w', 0o600);
  try {
    // The mode above only applies to new files; an existing one keeps its own.
    await handle.chmod(0o600);
    await handle.writeFile(html);
  } finally {
    await handle.close();
  }
}
