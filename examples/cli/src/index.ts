export type { TurnResult } from './agent.ts';
export type { DemoOptions, DemoProtocol, DemoReport } from './demo.ts';
export { runDemo } from './demo.ts';
export type { ModelRequest, ModelServer } from './model-server.ts';
export { MODEL_API_KEY, startModelServer } from './model-server.ts';
export type { ArrivedCounts, ResponseReport, SpanReport, TurnReport } from './report.ts';
export type { Approval, ModelAnswer, ScriptedSession, ScriptedTurn } from './scripted-session.ts';
export { readRecording, readSession } from './scripted-session.ts';
