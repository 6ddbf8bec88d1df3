/**
 * So often is a message delivered before it goes to its dead-letter queue: a delivery that fails so often fails for good.
 * Queues, and what plays a queue, take it from here.
 */
export const MOST_DELIVERIES = 5;
