import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';

import type { Clock } from '../ports/clock.ts';
import {
  killSwitchFrom,
  killSwitchText,
  type KillSwitchState,
  type OperatorKillSwitch,
} from '../ports/kill-switch.ts';

// An operator who pauses everything must not wait; a flood of events must not become a flood of reads.
const CACHE_MS = 10_000;

/**
 * The kill switch as a parameter of Systems Manager, which can also be changed in the console: `run`, or `pause: why`.
 * A parameter that is missing or cannot be read throws: whoever may delete it must not thereby lift a pause.
 */
export function ssmKillSwitch(
  name: string,
  clock: Clock,
  client: SSMClient = new SSMClient({}),
): OperatorKillSwitch {
  let known: { readonly state: KillSwitchState; readonly at: number } | null = null;
  const write = async (state: KillSwitchState) => {
    await client.send(
      new PutParameterCommand({ Name: name, Value: killSwitchText(state), Type: 'String', Overwrite: true }),
    );
    known = null;
  };
  return {
    read: async () => {
      const now = clock.now().getTime();
      if (known !== null && now - known.at < CACHE_MS) return known.state;
      const { Parameter } = await client.send(new GetParameterCommand({ Name: name }));
      if (Parameter?.Value === undefined) throw new Error(`the parameter ${name} has no value`);
      known = { state: killSwitchFrom(Parameter.Value), at: now };
      return known.state;
    },
    pause: async (words) => write({ paused: true, words }),
    unpause: async () => write({ paused: false }),
  };
}
