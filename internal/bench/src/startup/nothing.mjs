// A program without telemetry: what all others are compared with.
console.log('ready');
process.exit(0);
