/** Advisory lock of the replica's database: exclusive for who sweeps, shared for who checks an event against the horizon. */
export const SWEEP_LOCK = 7_240_861;
