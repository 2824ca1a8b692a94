import { createHash } from 'node:crypto';
import type { PageBundle } from './page-bundle.ts';

/** For every page: its own script and style, and nothing from elsewhere. */
const COMMON_POLICY = [
  "default-src 'none'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
];

/** For the live page: it may load its two files, and listen to its own server. */
export const LIVE_POLICY: string = [
  ...COMMON_POLICY,
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** The page that is served. */
export const LIVE_HTML: string = html({
  head: '<link rel="stylesheet" href="/page.css">',
  body: '<script type="module" src="/page.js"></script>',
});

/** The page as one file with its telemetry. It cannot load or send anything. */
export function reportHtml({ script, style }: PageBundle, telemetry: unknown): string {
  const inlineScript = script.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
  const inlineStyle = style.replaceAll('</style', '<\\/style');
  const policy = [...COMMON_POLICY, `script-src '${hashOf(inlineScript)}'`, `style-src '${hashOf(inlineStyle)}'`].join(
    '; ',
  );
  return html({
    head: `<meta http-equiv="content-security-policy" content="${policy}">\n<style>${inlineStyle}</style>`,
    body:
      `<script type="application/json" id="telemetry">${embeddedJson(telemetry)}</script>\n` +
      `<script type="module">${inlineScript}</script>`,
  });
}

/** JSON that cannot end its element or begin a comment, and has no line separators of JavaScript. */
export function embeddedJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (found) => {
    return `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

function html({ head, body }: { readonly head: string; readonly body: string }): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>Turn report</title>
<link rel="icon" href="data:,">
${head}
</head>
<body>
<div id="app"></div>
${body}
</body>
</html>
`;
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
