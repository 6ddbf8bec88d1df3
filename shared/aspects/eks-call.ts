import type { EKSClientResolvedConfig, ServiceInputTypes, ServiceOutputTypes } from '@aws-sdk/client-eks';
import type { Command } from '@smithy/types';

import type { PlannedCall } from '../model.ts';

/** An EKS command, not yet sent. `region` null: that in which this runs. */
export function eksCall<Input extends ServiceInputTypes, Output extends ServiceOutputTypes>(
  region: string | null,
  command: Command<ServiceInputTypes, Input, ServiceOutputTypes, Output, EKSClientResolvedConfig>,
): PlannedCall {
  return { input: { ...command.input, region }, send: (clients) => clients.eks(region).send(command) };
}
