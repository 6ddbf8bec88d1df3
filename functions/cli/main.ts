#!/usr/bin/env node
import { processIo } from './process-io.ts';
import { run } from './run.ts';

// Set rather than exited with: what was written to a pipe must arrive first.
process.exitCode = await run(processIo(import.meta.url), process.argv.slice(2));
