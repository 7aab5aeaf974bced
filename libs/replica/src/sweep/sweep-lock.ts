/** Advisory lock of the replica's database: exclusive for a sweep, shared for a check of events against the horizon. */
export const SWEEP_LOCK = 7_240_861;
