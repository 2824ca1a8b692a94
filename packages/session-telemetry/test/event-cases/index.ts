import { answerCases } from './answer-cases.ts';
import type { EventCase } from './event-case.ts';
import { requestCases } from './request-cases.ts';
import { sessionCases } from './session-cases.ts';
import { streamCases } from './stream-cases.ts';
import { toolCases } from './tool-cases.ts';
import { turnCases } from './turn-cases.ts';

/** What each event looks like on the wire. */
export const eventCases: readonly EventCase[] = [
  ...sessionCases,
  ...requestCases,
  ...streamCases,
  ...toolCases,
  ...answerCases,
  ...turnCases,
];
