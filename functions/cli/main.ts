#!/usr/bin/env node
import { processIo } from './process-io.ts';
import { run } from './run.ts';

// The SDK that is bundled here runs on node 20; that its later versions will not is no news for whoever uses the CLI.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

// Set rather than exited with: what was written to a pipe must arrive first.
process.exitCode = await run(processIo(import.meta.url), process.argv.slice(2));
