/**
 * Maximum number of unconfirmed messages per destination. RabbitMQ stops a channel with 32 of them to one quorum
 * queue, and soon its whole connection (`quorum_commands_soft_limit`).
 */
export const MAX_UNCONFIRMED_MESSAGES = 30;

/** Maximum unconfirmed bytes per destination; one message may be larger. */
export const MAX_UNCONFIRMED_BYTES = 32 * 1024 * 1024;
