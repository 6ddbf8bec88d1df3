/** What other CDK apps import from the package. */
export { DriftRemediator, type DriftRemediatorProps } from './constructs/drift-remediator.ts';
export type { Settings } from './settings.ts';
