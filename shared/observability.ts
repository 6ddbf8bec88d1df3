import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

import type { Telemetry } from './ports/telemetry.ts';

/** The logger and metrics of one function, in the shapes that middy's middlewares want. */
export interface Observability {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly telemetry: Telemetry;
}

/** @param serviceName Stands in each log line and as a dimension of each metric. */
export function observability(serviceName: string): Observability {
  const logger = new Logger({ serviceName });
  const metrics = new Metrics({ namespace: 'IamDriftRemediator', serviceName });
  return {
    logger,
    metrics,
    telemetry: {
      info: (message, keys) => logger.info(message, keys),
      error: (message, keys) => logger.error(message, keys),
      count: (metric, value) => metrics.addMetric(metric, MetricUnit.Count, value),
      milliseconds: (metric, value) => metrics.addMetric(metric, MetricUnit.Milliseconds, value),
    },
  };
}
