/** An attribute that every exported item of the benchmark has, and nothing else. */
export const itemMark = 'bench.item.mark';
