/** Common names, and the keys they mean. */
const meanings: ReadonlyMap<string, readonly string[]> = new Map([
  ['logs', ['exporter']],
  ['logexporter', ['exporter']],
  ['logsexporter', ['exporter']],
  ['traces', ['trace_exporter']],
  ['metrics', ['metrics_exporter']],
  ['servicename', ['resource_attributes']],
  ['resource', ['resource_attributes']],
  ['env', ['environment']],
  ['stdout', ['console']],
  ['off', ['none']],
  ['otlp', ['otlp-http']],
  ['http', ['otlp-http']],
  ['grpc', ['otlp-grpc']],
  ['url', ['endpoint']],
  ['uri', ['endpoint']],
  ['proto', ['protocol', 'binary']],
  ['protobuf', ['binary']],
  ['http/protobuf', ['binary']],
  ['httpprotobuf', ['binary']],
  ['http/json', ['json']],
  ['httpjson', ['json']],
  ['ca', ['ca-certificate']],
  ['cacert', ['ca-certificate']],
  ['cert', ['client-certificate']],
  ['clientcert', ['client-certificate']],
  ['key', ['client-private-key']],
  ['clientkey', ['client-private-key']],
]);

/** Longer words are not misspellings of our keys. */
const MAX_LENGTH = 40;

/** The one of `allowed` that `found` is most likely to mean, as the end of a sentence. */
export function didYouMean(found: string, allowed: readonly string[]): string {
  const best = closest(found, allowed);
  return best === undefined ? '' : `; did you mean '${best}'?`;
}

/** The entry of `allowed` that differs in at most a third of its letters. */
export function closest(found: string, allowed: readonly string[]): string | undefined {
  if (found.length > MAX_LENGTH) return undefined;
  const word = plain(found);
  const meant = meanings.get(word)?.find((key) => allowed.includes(key));
  if (meant !== undefined) return meant;
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of allowed) {
    const distance = editDistance(word, plain(candidate));
    if (distance < least && distance <= candidate.length / 3) {
      best = candidate;
      least = distance;
    }
  }
  return best;
}

/** Letter case and `-` or `_` make no difference. */
function plain(word: string): string {
  return word.toLowerCase().replace(/[-_\s]/g, '');
}

/** How many letters must be inserted, removed or replaced to turn `a` into `b`. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
