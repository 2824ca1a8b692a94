import { describe, expect, it } from '@jest/globals';
import {
  compactTask,
  recordingTurnTokenUsage,
  regularTask,
  reviewTask,
  undoTask,
  userShellTask,
} from '../src/session-task.ts';

describe('session tasks', () => {
  it.each([
    [regularTask, 'regular', 'session_task.turn', true],
    [reviewTask, 'review', 'session_task.review', false],
    [compactTask, 'compact', 'session_task.compact', false],
    [undoTask, 'undo', 'session_task.undo', false],
    [userShellTask, 'user_shell', 'session_task.user_shell', false],
  ] as const)('has the span name and the opt-in of the original: %#', (task, kind, spanName, records) => {
    expect([task.kind, task.spanName, task.recordsTurnTokenUsageOnSpan()]).toEqual([kind, spanName, records]);
  });

  it('opt in on request, and stay the same otherwise', () => {
    const { kind, spanName, recordsTurnTokenUsageOnSpan } = recordingTurnTokenUsage(compactTask);
    expect([kind, spanName, recordsTurnTokenUsageOnSpan()]).toEqual(['compact', 'session_task.compact', true]);
    expect(compactTask.recordsTurnTokenUsageOnSpan()).toBe(false);
  });
});
