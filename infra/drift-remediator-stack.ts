import { type App, Stack } from 'aws-cdk-lib';

import { DriftRemediator, type DriftRemediatorProps } from './constructs/drift-remediator.ts';
import { resolveSettings } from './resolve-settings.ts';

/** One installation, for whichever account it is deployed to. */
export class DriftRemediatorStack extends Stack {
  constructor(app: App, id: string, props: DriftRemediatorProps) {
    const { functionBundles: _, ...settings } = props;
    super(app, id, {
      description: 'iam-drift-remediator: puts declared IAM roles back when somebody changes them',
      env: { region: resolveSettings(settings).region },
    });
    new DriftRemediator(this, 'DriftRemediator', props);
  }
}
