// Writes infra/spec/report.schema.json, the JSON Schema of the events on the bus: node scripts/report-schema.ts
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { reportJsonSchema } from '../shared/notifications/report-json-schema.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = 'infra/spec/report.schema.json';
writeFileSync(`${root}${target}`, JSON.stringify(reportJsonSchema()));
execFileSync(`${root}node_modules/.bin/oxfmt`, [target], { cwd: root });
