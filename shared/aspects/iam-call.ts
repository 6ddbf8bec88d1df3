import type { IAMClientResolvedConfig, ServiceInputTypes, ServiceOutputTypes } from '@aws-sdk/client-iam';
import type { Command } from '@smithy/types';

import type { PlannedCall } from '../model.ts';

/** An IAM command, not yet sent. */
export function iamCall<Input extends ServiceInputTypes, Output extends ServiceOutputTypes>(
  command: Command<ServiceInputTypes, Input, ServiceOutputTypes, Output, IAMClientResolvedConfig>,
): PlannedCall {
  return { input: command.input, send: (clients) => clients.iam.send(command) };
}
