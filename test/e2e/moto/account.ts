/** The account of the invented events in `test/support`; moto plays it. */
export const ACCOUNT_ID = '111122223333';
export const REGION = 'us-east-1';
