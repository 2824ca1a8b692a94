import type { Context } from '@opentelemetry/api';
import type { AgentResponseOptions, AgentResponseTurn } from './events/agent-response.ts';
import { property, textProperty } from './property.ts';

/** Finds the final answers among the items of one turn, and records them; see {@link SessionTelemetry.agentResponseLogger}. */
export class AgentResponseLogger {
  readonly #turn: AgentResponseTurn;
  readonly #record: (options: AgentResponseOptions, context: Context | undefined) => void;

  /**
   * {@link SessionTelemetry.agentResponseLogger} makes one.
   *
   * @param turn - The turn that the answers belong to.
   * @param record - Called with each final answer.
   */
  constructor(turn: AgentResponseTurn, record: (options: AgentResponseOptions, context: Context | undefined) => void) {
    this.#turn = readTurn(turn);
    this.#record = record;
  }

  /**
   * Takes an item as the Responses API sends it. Only an assistant's message with the phase `final_answer` is recorded,
   * each once; other items are ignored. Do not pass items that are replayed from a history.
   */
  record(item: unknown, context?: Context): void {
    const itemId = textProperty(item, 'id');
    if (itemId === undefined || property(item, 'type') !== 'message') return;
    if (property(item, 'role') !== 'assistant' || property(item, 'phase') !== 'final_answer') return;
    this.#record({ ...this.#turn, itemId, response: outputText(property(item, 'content')) }, context);
  }
}

function readTurn(turn: unknown): AgentResponseTurn {
  return {
    turnId: textProperty(turn, 'turnId') ?? '',
    parentTurnId: textProperty(turn, 'parentTurnId'),
    rootTurnId: textProperty(turn, 'rootTurnId'),
    initiatingAgentPath: textProperty(turn, 'initiatingAgentPath'),
  };
}

function outputText(content: unknown): string {
  if (!Array.isArray(content)) return '';
  return content
    .filter((part) => property(part, 'type') === 'output_text')
    .map((part) => textProperty(part, 'text') ?? '')
    .join('');
}
