// Writes infra/spec/spec.schema.json from the lists of aspects and presets: node scripts/spec-schema.ts
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { aspects } from '../shared/aspects/index.ts';
import { presets } from '../shared/presets/index.ts';
import { specJsonSchema } from '../shared/spec/schema.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = 'infra/spec/spec.schema.json';
writeFileSync(`${root}${target}`, JSON.stringify(specJsonSchema({ aspects, presets })));
execFileSync(`${root}node_modules/.bin/oxfmt`, [target], { cwd: root });
