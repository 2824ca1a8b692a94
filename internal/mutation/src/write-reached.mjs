import { appendFileSync } from 'node:fs';

// Jest tests have a `process` of their own, which never exits.
afterAll(() => {
  const { mutantCoverage } = globalThis.__stryker__ ?? {};
  appendFileSync(process.env.MUTATION_REACHED_FILE, `${Object.keys(mutantCoverage?.static ?? {}).join('\n')}\n`);
});
