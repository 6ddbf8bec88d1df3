import type { IAMClientResolvedConfig, ServiceInputTypes, ServiceOutputTypes } from '@aws-sdk/client-iam';
import type { Command } from '@smithy/types';

import type { PlannedCall } from '../model.ts';

/** An IAM command, not yet sent. */
export function iamCall<Input extends ServiceInputTypes, Output extends ServiceOutputTypes>(
  command: Command<ServiceInputTypes, Input, ServiceOutputTypes, Output, IAMClientResolvedConfig>,
): PlannedCall {
  return { input: command.input, send: (clients) => clients.iam.send(command) };
}

/** Two calls as one: the second follows where the first went through, or was needless. It is recorded as `after`. */
export function inOrder(
  first: PlannedCall,
  isNeedless: (error: unknown) => boolean,
  second: PlannedCall,
): PlannedCall {
  return {
    input: { ...second.input, after: first.input },
    send: async (clients) => {
      try {
        await first.send(clients);
      } catch (error) {
        if (!isNeedless(error)) throw error;
      }
      return second.send(clients);
    },
  };
}
