import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describeIfPresent } from '@codex-otel/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { introduction } from '../src/main.ts';
import { buildPage } from '../src/page-bundle.ts';
import type { TurnReport } from '../src/server/turn-report.ts';
import { startTurnReport } from '../src/server/turn-report.ts';
import { executablePath, launchChromium, PATIENCE_MILLIS, picture, SIZES } from './browser.ts';
import type { ModelServer } from './codex-model.ts';
import { message, response, startModelServer, toolCall } from './codex-model.ts';

const codex = process.env.CODEX_BIN;
const isPresent = codex !== undefined && existsSync(codex) && executablePath !== undefined;

describeIfPresent('a session of Codex itself', isPresent, () => {
  let browser: Browser;
  let home: string;
  let report: TurnReport;
  let model: ModelServer;
  let letGo = () => {};
  let child: ChildProcess | undefined;

  beforeAll(async () => {
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const answers = [
      response('resp_1', toolCall('call_1', 'sleep 0.2; ls'), { input: 6000, cached: 1024, output: 35, reasoning: 10 }),
      response('resp_2', toolCall('call_2', 'cat nowhere'), { input: 6100, cached: 6000, output: 20, reasoning: 0 }),
      response('resp_3', message('Done.'), { input: 6150, cached: 6016, output: 12, reasoning: 0 }),
    ];
    [browser, home, report, model] = await Promise.all([
      launchChromium(),
      mkdtemp(path.join(tmpdir(), 'turn-report-codex-')),
      buildPage().then((bundle) => startTurnReport({ pagePort: 0, httpPort: 0, grpcPort: 0, bundle })),
      // The last answer waits until the page has been seen with the turn open.
      startModelServer(answers, (index) => (index === 2 ? held : Promise.resolve())),
    ]);
    await mkdir(path.join(home, '.codex'));
    // The lines that the command tells people to paste.
    const [, otel = ''] = introduction(report).split(/(?=^\[otel\])/m);
    await writeFile(
      path.join(home, '.codex', 'config.toml'),
      `model = "gpt-5.1-codex"
model_provider = "mock"
model_reasoning_effort = "medium"
approval_policy = "never"
sandbox_mode = "danger-full-access"
check_for_update_on_startup = false

[model_providers.mock]
name = "Mock"
base_url = "${model.url}"
wire_api = "responses"
env_key = "MOCK_KEY"
requires_openai_auth = false

${otel.split('\n\n')[0]}
metrics_exporter = "none"
`,
    );
  });
  afterAll(async () => {
    child?.kill('SIGKILL');
    model?.close();
    await report?.close();
    await browser?.close();
    await rm(home, { recursive: true, force: true });
  });

  it('is shown while it runs, and completely when it has ended', async () => {
    const page = await browser.newPage({ viewport: SIZES.wide, colorScheme: 'light' });
    page.setDefaultTimeout(PATIENCE_MILLIS);
    await page.goto(report.pageUrl);
    const env = {
      PATH: process.env.PATH,
      HOME: home,
      CODEX_HOME: path.join(home, '.codex'),
      MOCK_KEY: 'key',
      TERM: 'xterm',
    };
    const args = ['exec', '--skip-git-repo-check', 'List the files.'];
    child = spawn(codex ?? '', args, { cwd: home, env, stdio: 'ignore' });
    const ended = once(child, 'exit');

    await page.locator('.turn-state .state.open').waitFor();
    await page.getByText('6,000 in (1,024 cached) + 35 out (10 reasoning) tokens').first().waitFor();
    letGo();
    expect(await ended).toEqual([0, null]);

    await page.locator('.turn-state .state.completed').waitFor();
    expect(await page.locator('button.turn').count()).toBe(1);
    expect(await page.locator('.usage').innerText()).toBe('18,250 in (13,040 cached) + 67 out (10 reasoning) tokens');
    expect(await page.locator('.row .label').allInnerTexts()).toEqual([
      'session_task.turn',
      'Response 1',
      'exec_command succeeded',
      'Response 2',
      'exec_command succeeded',
      'Response 3',
    ]);
    await picture(page, 'turn-report-codex');
  }, 200_000);
});
