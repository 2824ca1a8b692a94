export type { CommandOptions, CommandResult } from './commands.ts';
export { mustRun, root, run } from './commands.ts';
export { addPrograms } from './consumer.ts';
export { nodeBin, nodes, runSession } from './runtimes.ts';
