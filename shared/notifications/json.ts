import type { Cause, JsonObject, ReconcileReport, ReportedDifference } from '../model.ts';
import { jsonText } from './escape.ts';

/** SNS and EventBridge take 262,144 bytes; the rest is for the envelope. */
const longestMessage = 240_000;

/**
 * The report for machines: the whole of it where it fits into a message. Where it does not, the largest parts are taken out
 * and `truncated` says which, and under which incident the ledger keeps the whole.
 * Values are exact; to print them, use `jsonText`, in which nothing can hide or break a line.
 *
 * @param longest In characters of `jsonText`.
 */
export function renderJson(report: ReconcileReport, longest: number = longestMessage): JsonObject {
  // Escaping only makes it longer, and takes long where a text is hostile.
  const fits = (json: JsonObject) =>
    JSON.stringify(json).length <= longest && jsonText(json).length <= longest;
  const whole = toJson(report);
  if (fits(whole)) return whole;
  const possible = report.recreate === undefined ? reductions : [withoutRecipe, ...reductions];
  for (const [index] of possible.entries()) {
    const reduced = possible.slice(0, index + 1);
    const smaller = {
      ...toJson(reduced.reduce((rest, { reduce }) => reduce(rest), report)),
      truncated: {
        leftOut: reduced.map(({ what }) => what),
        fullReport: { ledger: { incidentId: shortened(report.incidentId) } },
      },
    };
    if (fits(smaller)) return smaller;
  }
  return pointer(report);
}

/** Items of a list, and characters of a text, that a reduced report keeps. */
const most = { items: 10, characters: 500 } as const;

interface Reduction {
  readonly what: string;
  readonly reduce: (report: ReconcileReport) => ReconcileReport;
}

const withoutRecipe: Reduction = {
  what: 'recreate',
  reduce: ({ recreate: _recipe, ...rest }) => rest,
};

const reductions: readonly Reduction[] = [
  {
    what: 'drift.differences[].expected and actual',
    reduce: eachDifference((difference) => ({ ...difference, expected: null, actual: null })),
  },
  {
    what: `drift.differences[].access beyond ${most.items} entries`,
    reduce: eachDifference((difference) => ({
      ...difference,
      access: { gained: firstOf(difference.access.gained), lost: firstOf(difference.access.lost) },
    })),
  },
  {
    what: `causes, differences, changes and nextSteps beyond ${most.items}`,
    reduce: (report) => ({
      ...report,
      causes: firstOf(report.causes),
      drift: { ...report.drift, differences: firstOf(report.drift.differences) },
      changes: firstOf(report.changes),
      nextSteps: firstOf(report.nextSteps),
    }),
  },
];

function eachDifference(reduce: (difference: ReportedDifference) => ReportedDifference) {
  return (report: ReconcileReport): ReconcileReport => ({
    ...report,
    drift: { ...report.drift, differences: report.drift.differences.map(reduce) },
  });
}

/** The least that a machine needs in order to fetch the rest. */
function pointer(report: ReconcileReport): JsonObject {
  return {
    schemaVersion: report.schemaVersion,
    id: shortened(report.id),
    incidentId: shortened(report.incidentId),
    time: shortened(report.time),
    role: {
      accountId: shortened(report.role.accountId),
      roleName: shortened(report.role.roleName),
      arn: report.role.arn === null ? null : shortened(report.role.arn),
    },
    severity: report.severity,
    outcome: report.outcome,
    verified: report.verified,
    truncated: {
      leftOut: ['all but the identity of the report'],
      fullReport: { ledger: { incidentId: shortened(report.incidentId) } },
    },
  };
}

/** Member by member, because an interface is no JSON to the compiler. */
function toJson(report: ReconcileReport): JsonObject {
  const { recreate, ...rest } = report;
  return {
    ...rest,
    spec: report.spec === null ? null : { ...report.spec },
    role: { ...report.role },
    causes: report.causes.map(causeToJson),
    drift: { status: report.drift.status, differences: report.drift.differences.map(differenceToJson) },
    changes: report.changes.map((change) => ({ ...change })),
    exposure: report.exposure === null ? null : { ...report.exposure },
    ...(recreate && { recreate: { ...recreate } }),
  };
}

const causeToJson = (cause: Cause) => ({ ...cause, actor: { ...cause.actor } });

const differenceToJson = (difference: ReportedDifference) => ({
  ...difference,
  access: {
    gained: difference.access.gained.map((access) => ({ ...access })),
    lost: difference.access.lost.map((access) => ({ ...access })),
  },
});

const firstOf = <Item>(items: readonly Item[]) => items.slice(0, most.items);
const shortened = (text: string) => text.slice(0, most.characters);
