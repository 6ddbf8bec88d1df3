import { Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';

import type { FunctionName } from './names.ts';

/** A metric that a function writes itself: namespace and dimension as in `shared/observability.ts`. */
export function functionMetric(service: FunctionName, metricName: string, options: MetricOptions): Metric {
  return new Metric({
    namespace: 'IamDriftRemediator',
    metricName,
    dimensionsMap: { service },
    ...options,
  });
}
