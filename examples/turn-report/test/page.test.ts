import { describeIfPresent } from '@codex-otel/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { TurnReport } from '../src/server/turn-report.ts';
import { startTurnReport } from '../src/server/turn-report.ts';
import { executablePath, PATIENCE_MILLIS, SIZES } from './browser.ts';
import type { TestSpan } from './otlp.ts';
import { logsRequest, tracesRequest, turnSpans, turnUsage, usage } from './otlp.ts';

import { reportPage } from './report-page.ts';

describeIfPresent('the page in Chromium', executablePath !== undefined, () => {
  const report = reportPage();
  const { openFile, rows } = report;
  let page: Page;
  beforeEach(() => {
    page = report.page;
  });

  it('opens, folds and zooms by clicks', async () => {
    await openFile(tracesRequest(turnSpans()));
    const response = page.locator('.row', { hasText: 'Response 1' });
    await response.click();
    expect(await page.locator('.attributes tr', { hasText: 'codex.stream.ttft_ms' }).innerText()).toContain('120');
    await response.getByText('+2').click();
    expect(await rows()).toContain('handle_responses completed');
    await page.locator('.row', { hasText: 'Response 1' }).getByText('fold').click();
    expect(await rows()).not.toContain('handle_responses completed');
    await page.getByLabel('All spans').check();
    expect(await rows()).toHaveLength(10);
    const width = async () => (await page.locator('.row.tool .bar').boundingBox())?.width ?? 0;
    const before = await width();
    await page.getByRole('button', { name: 'Zoom in' }).click();
    expect(await width()).toBeGreaterThan(before * 1.8);
    await page.getByRole('button', { name: 'Whole turn' }).click();
    expect(await width()).toBeCloseTo(before, 0);
  });

  it('does all of it by keyboard', async () => {
    await openFile(tracesRequest([...turnSpans(), ...turnSpans({ trace: 2, turn: 'turn-2' })]));
    const selected = () => page.locator('.row.selected .label').innerText();
    await page.locator('button.turn').first().focus();
    await page.keyboard.press('ArrowDown');
    expect(await page.locator('button.turn[aria-current]').getAttribute('data-turn')).toContain('turn-2');
    await page.getByRole('treegrid').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(await selected()).toBe('Response 1');
    const active = await page.getByRole('treegrid').getAttribute('aria-activedescendant');
    expect(await page.locator(`#${active} .label`).innerText()).toBe('Response 1');
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowRight');
    expect(await selected()).toBe('handle_responses created');
    await page.keyboard.press('ArrowLeft');
    expect(await selected()).toBe('Response 1');
    await page.keyboard.press('ArrowLeft');
    expect(await rows()).not.toContain('handle_responses created');
    await page.keyboard.press('z');
    expect((await page.locator('.row.selected .bar').boundingBox())?.width).toBeGreaterThan(400);
    await page.keyboard.press('0');
    await page.keyboard.press('End');
    expect(await selected()).toBe('Response 2');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowLeft');
    expect(await rows()).toEqual(['session_task.turn']);
  });

  it('finds turns and rows', async () => {
    const second = turnSpans({ trace: 2, turn: 'turn-2' }).map((span) =>
      span.id === 7 ? { ...span, attributes: { ...span.attributes, tool_name: 'needle' } } : span,
    );
    await openFile(
      tracesRequest([...turnSpans(), ...second]),
      logsRequest([
        { name: 'codex.tool_result', trace: 1, attributes: { call_id: 'call-1', output: 'in a haystack' } },
      ]),
    );
    await page.locator('button.turn').nth(1).waitFor();
    await page.keyboard.press('/');
    await page.locator('input[type=search]:focus').waitFor();
    await page.keyboard.type('needle');
    await eventually(async () => (await page.locator('button.turn').count()) === 1);
    await page.locator('button.turn').click();
    expect(await page.locator('.row:not(.dimmed) .label').allInnerTexts()).toEqual(['needle']);
    await page.getByRole('treegrid').focus();
    await page.keyboard.press('n');
    expect(await page.locator('.row.selected .label').innerText()).toBe('needle');
    await page.getByRole('searchbox').fill('HAYSTACK');
    await page.locator('button.turn[data-turn*="turn-1"]').waitFor();
    await page.getByRole('searchbox').fill('nowhere');
    await page.getByText('No turn matches “nowhere”').waitFor();
  });

  describe('on a server', () => {
    let server: TurnReport;
    beforeEach(async () => {
      server = await startTurnReport({ pagePort: 0, httpPort: 0, grpcPort: 0, bundle: report.bundle });
    });
    afterEach(() => server.close());

    const send = (request: object, signal = 'traces') =>
      fetch(`${server.httpUrl}/v1/${signal}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(request),
      });

    it('shows at once what arrives, and the open turn as it grows', async () => {
      await page.goto(server.pageUrl);
      expect(await page.locator('main').innerText()).toContain('No turn has arrived yet');
      await send(
        logsRequest([
          {
            name: 'codex.turn_progress',
            trace: 1,
            attributes: {
              'turn.id': 'turn-1',
              phase: 'tool',
              open_tools: 'shell, read_file',
              total_tokens_so_far: 5100,
              'conversation.id': 'session-1',
            },
          },
        ]),
        'logs',
      );
      await page.locator('.turn-state .state.open').waitFor();
      expect(await page.locator('.turn-state').innerText()).toContain(
        'open: tool, tools shell, read_file, 5,100 tokens so far, last heard from',
      );
      const spans = turnSpans();
      await send(tracesRequest(spans.slice(0, 5)));
      await page.getByText('5,000 in (4,000 cached) + 100 out (60 reasoning) tokens').first().waitFor();
      await send(tracesRequest(spans.slice(5)));
      await page.locator('.turn-state .state.completed').waitFor();
      expect(await page.locator('button.turn').count()).toBe(1);
      expect(await page.locator('.usage').innerText()).toBe('10,200 in (9,000 cached) + 150 out (60 reasoning) tokens');
    });

    it('keeps what the user chose while other turns arrive', async () => {
      await send(tracesRequest(turnSpans()));
      await page.goto(server.pageUrl);
      await page.locator('button.turn').click();
      await page.locator('.row', { hasText: 'Response 2' }).click();
      await send(tracesRequest(turnSpans({ trace: 2, turn: 'turn-2' })));
      await eventually(async () => (await page.locator('button.turn').count()) === 2);
      expect(await page.locator('.row.selected .label').innerText()).toBe('Response 2');
      expect(await page.locator('button.turn[aria-current]').getAttribute('data-turn')).toContain('turn-1');
    });

    it('reports what it dropped', async () => {
      await server.close();
      server = await startTurnReport({
        pagePort: 0,
        httpPort: 0,
        grpcPort: 0,
        bundle: report.bundle,
        limits: { maxItems: 15, maxBytes: 1e9 },
      });
      for (const trace of [1, 2, 3]) {
        const spans = turnSpans({ trace, turn: `turn-${trace}`, session: `session-${trace}` });
        await send(
          tracesRequest(
            spans.map((span) => ({
              ...span,
              start: (span.start ?? 0) + trace * 1e4,
              end: (span.end ?? 0) + trace * 1e4,
            })),
          ),
        );
      }
      await page.goto(server.pageUrl);
      await page.getByText('the page dropped 2 old sessions: 20 spans, 0 log records.').waitFor();
    });
  });

  it('shows hostile telemetry as the text that it is', async () => {
    const bad = `<img src=x onerror="alert(1)"><script>alert(2)</script>`;
    const hostile: TestSpan[] = turnSpans({ session: bad }).map((span) => ({
      ...span,
      name: span.name === 'stream_request' ? bad : span.name,
      attributes: {
        ...span.attributes,
        [bad]: bad,
        huge: 'x'.repeat(1_000_000),
        rtl: '\u202eevil\u2066',
        model: bad,
        ['__proto__']: 'polluted',
        constructor: bad,
      },
    }));
    await openFile(
      tracesRequest(hostile),
      logsRequest([
        { name: bad, trace: 1, attributes: { prompt: `</script>${bad}\u2028`, [bad]: bad } },
        { name: 'codex.user_prompt', trace: 1, attributes: { prompt: `${bad}</script>\u2029<!--` } },
      ]),
    );
    await page.getByLabel('All spans').check();
    await page.locator('.records summary').first().click();
    expect(await page.locator('.records table').first().innerText()).toContain(bad);
    await page.locator('.row').nth(1).click();
    expect(await page.locator('#turn-title').innerText()).toContain(bad);
    expect(await page.locator('.attributes tr', { hasText: bad }).first().locator('td').innerText()).toBe(bad);
    expect(await page.locator('.details').innerText()).toContain('(1,000,000 characters)');
    expect(await page.locator('#app img, #app script, #app iframe').count()).toBe(0);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(SIZES.wide.width);
    expect(await page.evaluate('({}).polluted === undefined')).toBe(true);
  });

  it('opens 20,000 spans, and keeps only visible rows in the document', async () => {
    const spans: TestSpan[] = Array.from({ length: 19_999 }, (_, index) => ({
      id: index + 2,
      parent: index % 10 === 0 ? 1 : Math.floor(index / 10) * 10 + 2,
      name: index % 10 === 0 ? 'receiving_stream' : 'handle_responses',
      start: index,
      end: index + 10,
      ...(index % 10 === 9 && { attributes: usage(10, 5, 2, 1) }),
    }));
    const root = {
      id: 1,
      name: 'session_task.turn',
      end: 20_010,
      attributes: { 'turn.id': 'turn-1', ...turnUsage(20_000, 10_000, 4000, 2000) },
    };
    await openFile(tracesRequest([root, ...spans]));
    await page.locator('.row').first().waitFor();
    await page.getByLabel('All spans').check();
    expect(await page.getByRole('treegrid').getAttribute('aria-rowcount')).toBe('20000');
    await page.getByRole('treegrid').focus();
    await page.keyboard.press('End');
    expect(await page.locator('.row.selected').getAttribute('aria-rowindex')).toBe('20000');
    for (let at = 0; at < 20; at += 1) await page.keyboard.press('PageUp');
    await page.mouse.move(900, 500);
    await page.mouse.wheel(0, -100_000);
    expect(await page.locator('.row').count()).toBeLessThan(80);
    expect(await page.locator('.usage').innerText()).toContain('20,000 in');
  });
});

/** Waits until something holds. */
async function eventually(holds: () => Promise<boolean>): Promise<void> {
  const until = Date.now() + PATIENCE_MILLIS;
  while (!(await holds())) {
    if (Date.now() > until) throw new Error('it does not hold in time');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
