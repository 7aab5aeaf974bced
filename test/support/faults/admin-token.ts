/** Opens the event managers' admin API, and the details of their health. */
export const ADMIN_TOKEN = 'the-fault-tests-token';
