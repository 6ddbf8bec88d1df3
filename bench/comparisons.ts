import { comparePolicies } from '../shared/policy/equal.ts';
import { mediansInTurns, millisecondsOf, type Timed } from './measure.ts';
import { row, type Row } from './row.ts';

const SIZES = [1, 10, 100, 1000];
const TURNS = 15;
/** How long one turn shall last: far above the timer's resolution, far below a nap of the machine. */
const TURN_MS = 25;

/** How many pairs of policy texts are compared in a second, beside `JSON.parse` of the same two texts. */
export async function comparisonRows(): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const size of SIZES) {
    const statements = size === 1 ? '1 statement' : `${size} statements`;
    const declared = JSON.stringify(aPolicy(size));
    rows.push(await rateOf(`comparisons per second, same meaning, ${statements}`, declared, respelt(size)));
    rows.push(
      await rateOf(`comparisons per second, one statement more, ${statements}`, declared, widened(size)),
    );
  }
  return rows;
}

async function rateOf(name: string, a: string, b: string): Promise<Row> {
  const { value, floor } = await mediansInTurns(
    await repeated(() => comparePolicies(a, b, { kind: 'identity' })),
    await repeated(() => {
      JSON.parse(a);
      JSON.parse(b);
    }),
    TURNS,
  );
  return row(name, 'comparisons/s', 1000 / value, 1000 / floor);
}

/** As often as fits into a turn; answers the time of one. */
async function repeated(work: () => unknown): Promise<Timed> {
  let times = 1;
  const many = () => {
    for (let time = 0; time < times; time += 1) work();
  };
  while ((await millisecondsOf(many)) < TURN_MS) times *= 2;
  return async () => (await millisecondsOf(many)) / times;
}

function aPolicy(size: number) {
  return { Version: '2012-10-17', Statement: Array.from({ length: size }, (_, index) => aStatement(index)) };
}

function aStatement(index: number) {
  return {
    Effect: 'Allow',
    Action: ['s3:GetObject', 's3:PutObject'],
    Resource: `arn:aws:s3:::bucket-${index}/*`,
    Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } },
  };
}

/** The same meaning: statements the other way round, labelled, actions in another order and case. */
function respelt(size: number): string {
  const { Version, Statement } = aPolicy(size);
  return JSON.stringify({
    Version,
    Statement: Statement.toReversed().map((statement, index) => ({
      Sid: `S${index}`,
      ...statement,
      Action: ['S3:PutObject', 's3:getObject'],
    })),
  });
}

function widened(size: number): string {
  const { Version, Statement } = aPolicy(size);
  return JSON.stringify({
    Version,
    Statement: [...Statement, { Effect: 'Allow', Action: '*', Resource: '*' }],
  });
}
