// @boundaries-ignore configuration lives once, at the root
import shared from '../../tsdown.config.ts';

// Few files, since opening a file costs the start of a process more than the code in it. Only one of them imports the
// API: a bundler drops that file, and with it the import, from bundles of functions that do not need it.
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
