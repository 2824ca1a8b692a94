import fastCheck from './node_modules/fast-check/lib/fast-check.js';

// In CI the examples are the same each time, so that a change is judged by what it changes; elsewhere each run tries
// new ones. A failure prints its seed.
if (process.env.CI) fastCheck.configureGlobal({ seed: 20261122 });

export default fastCheck;
