import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';

import { TerminalError } from '../shared/errors.ts';
import { DriftRemediatorStack } from './drift-remediator-stack.ts';
import { addForwardingStacks } from './forwarding-stack.ts';
import { FORWARDING_STACK } from './names.ts';
import { settings } from './settings.ts';

try {
  const app = new App();
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  new DriftRemediatorStack(app, 'IamDriftRemediator', settings);
  addForwardingStacks(app, FORWARDING_STACK, settings);
  app.synth();
} catch (error) {
  // What the user can mend is told without a stack trace.
  if (!(error instanceof TerminalError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
