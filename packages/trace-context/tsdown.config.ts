// @boundaries-ignore configuration lives once, at the root
import shared from '../../tsdown.config.ts';

// Few files, since each costs the start of a process more than what is in it; and the API imported by only one of them:
// a bundler drops that file, and its import of the API with it, from bundles of the functions that need none.
export default {
  ...shared,
  outputOptions: {
    ...shared.outputOptions,
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [
        {
          name: 'format',
          test: /src\/(capped-match|process-state|trace-state|traceparent|tracestate-\w+|w3c-trace-context)\.ts$/,
        },
        { name: 'span', test: /src\/(api|configured-tracestate|span-trace-context|w3c-propagator|warning)\.ts$/ },
        { name: 'headers', test: /src\/trace-(environment|headers)\.ts$/ },
      ],
    },
  },
};
