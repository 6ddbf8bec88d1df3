import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { parseIamEvent } from '../../shared/cloudtrail/parse-event.ts';
import { readEvents } from '../../shared/cloudtrail/read-events.ts';

/** Real records, passed in from outside because they are not ours to publish. */
const corpus = process.env['IAM_DRIFT_CORPUS'];

function parsedIn(folder: string) {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return files.flatMap((name) => {
    const { records, faults } = readEvents(readFileSync(join(folder, name)), name);
    expect(faults).toEqual([]);
    return records.map(parseIamEvent);
  });
}

function countByKind(parsed: ReturnType<typeof parsedIn>) {
  const counts = new Map<string, number>();
  for (const one of parsed) {
    const kind =
      one.kind === 'ignored' ? one.reason : one.event.roleName === null ? 'other change' : 'role change';
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return Object.fromEntries(counts);
}

describe.skipIf(corpus === undefined)('the corpus of CloudTrail records', () => {
  const folder = join(corpus ?? '', 'cloudtrail');

  it('reads every record', () => {
    expect(countByKind(parsedIn(folder))).toEqual({
      'role change': 58,
      'other change': 17,
      'read-only': 13,
      'failed-call': 6,
      'not-iam': 7,
    });
  });

  it('finds the changes of roles in whole log files, in the order of the files', () => {
    const changes = parsedIn(join(folder, 'logfiles')).flatMap((one) =>
      one.kind === 'change' ? [one.event] : [],
    );
    const ofRoles = changes.filter(({ roleName }) => roleName !== null);
    expect(new Set(ofRoles.map(({ accountId }) => accountId)).size).toBe(1);
    expect(ofRoles.map(({ eventTime, eventName }) => `${eventTime.slice(11, 19)} ${eventName}`)).toEqual([
      '12:28:24 UpdateAssumeRolePolicy',
      '12:24:10 AttachRolePolicy',
      '12:24:11 UpdateAssumeRolePolicy',
      '12:25:24 CreateRole',
      '12:27:11 CreateRole',
    ]);
  });
});
