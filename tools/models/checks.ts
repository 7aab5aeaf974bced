/** One run of the checker on one model of `docs/models`. */
export interface ModelCheck {
  readonly model: string;
  /** Variants and faults: the macros that the model is generated with. */
  readonly defines: readonly string[];
  /** The ltl formula to check, with weak fairness; absent: the asserts and the end states. */
  readonly formula?: string;
  /** The property that must be violated; absent: nothing must be. */
  readonly violates?: string;
}

/** What the checker reports when processes can't go on although they have work. */
export const INVALID_END_STATE = 'invalid end state';

const sender = (check: Omit<ModelCheck, 'model'>): ModelCheck => ({ model: 'sender', ...check });
const breaker = (check: Omit<ModelCheck, 'model'>): ModelCheck => ({ model: 'breaker', ...check });
const overflow = (check: Omit<ModelCheck, 'model'>): ModelCheck => ({ model: 'overflow', ...check });
const lane = (check: Omit<ModelCheck, 'model'>): ModelCheck => ({ model: 'lane', ...check });

/** Every property without a fault, and each seeded fault. */
export const MODEL_CHECKS: readonly ModelCheck[] = [
  sender({ defines: [] }),
  sender({ defines: ['NO_CRASH'], formula: 'healthy' }),
  sender({ defines: ['NO_CRASH'], formula: 'finished' }),
  sender({ defines: ['FAULT_ACK_FIRST'], violates: 'ACKED_IS_SAFE' }),
  sender({ defines: ['FAULT_UNKNOWN_DROPPED'], violates: 'ACKED_IS_SAFE' }),
  sender({ defines: ['FAULT_RETURN'], violates: 'NO_REPEAT' }),
  sender({ defines: ['FAULT_NO_MESSAGE_WINDOW'], violates: 'MESSAGE_WINDOW' }),
  sender({ defines: ['NO_CRASH', 'FAULT_NO_MESSAGE_WINDOW'], formula: 'healthy', violates: 'healthy' }),
  sender({ defines: ['NO_CRASH', 'FAULT_FILL_NONE'], formula: 'healthy', violates: 'healthy' }),
  sender({ defines: ['NO_CRASH', 'FAULT_FILL_ALONE'], formula: 'healthy', violates: 'healthy' }),
  sender({ defines: ['NO_CRASH', 'FAULT_NO_FALLBACK'], formula: 'healthy', violates: 'healthy' }),
  sender({ defines: ['NO_CRASH', 'FAULT_NO_DEADLINE'], formula: 'finished', violates: 'finished' }),

  breaker({ defines: [] }),
  breaker({ defines: [], formula: 'arrives' }),
  breaker({ defines: [], formula: 'intake_free' }),
  breaker({ defines: ['POISON'], formula: 'arrives' }),
  breaker({ defines: ['FAULT_UNKNOWN_DROPPED'], violates: 'ACKED_IS_SAFE' }),
  breaker({ defines: ['FAULT_DEADLINE_ALWAYS'], violates: 'NO_FALSE_OPEN' }),
  breaker({ defines: ['FAULT_PROBE_AGAIN'], violates: 'BOUNDED_REPEATS' }),
  breaker({ defines: ['FAULT_MOVED_AT_ONCE'], violates: 'MOVED_IS_SAFE' }),
  breaker({ defines: ['FAULT_ACK_BEFORE'], formula: 'arrives', violates: 'arrives' }),
  breaker({ defines: ['FAULT_STOP_AT_CLOSE'], formula: 'arrives', violates: 'arrives' }),
  breaker({ defines: ['FAULT_START_BLIND'], formula: 'arrives', violates: 'arrives' }),
  breaker({ defines: ['POISON', 'FAULT_HEAD_STAYS'], formula: 'arrives', violates: 'arrives' }),
  breaker({ defines: ['FAULT_PROBE_NEW'], formula: 'intake_free', violates: 'intake_free' }),

  overflow({ defines: [] }),
  overflow({ defines: ['PROOF'] }),
  overflow({ defines: ['FAULT_DECIDE_ONCE'], violates: 'NO_LEAK' }),
  overflow({ defines: ['FAULT_ENDS_OTHERS'], violates: 'NO_LEAK' }),
  overflow({ defines: ['FAULT_NO_GENERATION'], violates: 'NO_RETURN' }),
  overflow({ defines: ['FAULT_UNCONSUMED'], violates: INVALID_END_STATE }),
  overflow({ defines: ['PROOF', 'FAULT_LEASE_END'], violates: INVALID_END_STATE }),
  overflow({ defines: ['PROOF', 'FAULT_DECLARED_EMPTY'], violates: INVALID_END_STATE }),
  overflow({ defines: ['PROOF', 'FAULT_MARKER_ONLY'], violates: 'PROVEN_EMPTY' }),
  overflow({ defines: ['PROOF', 'FAULT_OLD_MARKER'], violates: 'PROVEN_EMPTY' }),
  overflow({ defines: ['PROOF', 'FAULT_DELETE'], violates: 'NOTHING_LOST' }),

  lane({ defines: [] }),
  lane({ defines: ['SEND_AT_ONCE'] }),
  lane({ defines: ['STUCK'], formula: 'others' }),
  lane({ defines: ['FAULT_RULE1'], violates: 'NO_OLD_AFTER_ACK' }),
  lane({ defines: ['STUCK', 'FAULT_RULE1_ALL'], formula: 'others', violates: 'others' }),
  lane({ defines: ['FAULT_RULE2'], violates: 'SAFE_AT_ACK' }),
  lane({ defines: ['FAULT_RULE3'], violates: 'NO_OLD_AFTER_ACK' }),
  lane({ defines: ['FAULT_RULE4_CONNECTION'], violates: 'NO_OLD_AFTER_ACK' }),
  lane({ defines: ['FAULT_RULE4_MEMORY'], violates: 'NO_OLD_AFTER_ACK' }),
  lane({ defines: ['FAULT_RULE5'], violates: 'NO_OLD_AFTER_ACK' }),
  lane({ defines: ['FAULT_RULE5_LAST'], violates: 'NO_OLD_AFTER_ACK' }),
  lane({ defines: ['SEND_AT_ONCE', 'FAULT_RULE5_ONCE'], violates: 'SAFE_AT_ACK' }),
  lane({ defines: ['FAULT_OLD_CONFIRM'], violates: 'SAFE_AT_ACK' }),
  lane({ defines: ['FAULT_REDELIVERY_ORDER'], violates: 'SAFE_AT_ACK' }),
];
