/** An attribute that only the benchmark's exported items have. */
export const itemMark = 'bench.item.mark';
