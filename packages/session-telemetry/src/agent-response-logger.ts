import type { Context } from '@opentelemetry/api';
import type { AgentResponseOptions, AgentResponseTurn } from './events/agent-response.ts';
import { property } from './property.ts';

/** Records the final answers among the items of one turn. */
export class AgentResponseLogger {
  readonly #turn: AgentResponseTurn;
  readonly #record: (options: AgentResponseOptions, context: Context | undefined) => void;

  constructor(turn: AgentResponseTurn, record: (options: AgentResponseOptions, context: Context | undefined) => void) {
    this.#turn = readTurn(turn);
    this.#record = record;
  }

  /**
   * Takes an item as the Responses API sends it. Only an assistant's message that says to be the final answer is
   * recorded, and once; all else is passed over. Not for items that are replayed from a history.
   */
  record(item: unknown, context?: Context): void {
    const itemId = property(item, 'id');
    if (typeof itemId !== 'string' || property(item, 'type') !== 'message') return;
    if (property(item, 'role') !== 'assistant' || property(item, 'phase') !== 'final_answer') return;
    const turn = this.#turn;
    this.#record(
      {
        turnId: turn.turnId,
        parentTurnId: turn.parentTurnId,
        rootTurnId: turn.rootTurnId,
        initiatingAgentPath: turn.initiatingAgentPath,
        itemId,
        response: outputText(property(item, 'content')),
      },
      context,
    );
  }
}

function readTurn(turn: unknown): AgentResponseTurn {
  const text = (key: keyof AgentResponseTurn): string | undefined => {
    const value = property(turn, key);
    return typeof value === 'string' ? value : undefined;
  };
  return {
    turnId: text('turnId') ?? '',
    parentTurnId: text('parentTurnId'),
    rootTurnId: text('rootTurnId'),
    initiatingAgentPath: text('initiatingAgentPath'),
  };
}

function outputText(content: unknown): string {
  if (!Array.isArray(content)) return '';
  return content
    .filter((part) => property(part, 'type') === 'output_text')
    .map((part) => property(part, 'text'))
    .filter((text) => typeof text === 'string')
    .join('');
}
