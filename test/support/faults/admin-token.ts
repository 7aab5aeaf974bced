/** Grants access to the event managers' admin API and to their health details. */
export const ADMIN_TOKEN = 'the-fault-tests-token';
