/** Settings of pg-transactional-outbox: large batches, and no protections, which its guide allows for an outbox. */
export function outboxConfig({ databaseUrl, slot, publication }) {
  const { hostname, port, username, password, pathname } = new URL(databaseUrl);
  return {
    outboxOrInbox: 'outbox',
    dbListenerConfig: {
      host: hostname,
      port: Number(port),
      user: username,
      password,
      database: decodeURIComponent(pathname.slice(1)),
      max: 20,
    },
    settings: {
      dbSchema: 'public',
      dbTable: 'outbox',
      enableMaxAttemptsProtection: false,
      enablePoisonousMessageProtection: false,
      messageProcessingTimeoutInMs: 15_000,
      dbPublication: publication,
      dbReplicationSlot: slot,
      nextMessagesFunctionName: 'next_outbox_messages',
      nextMessagesBatchSize: 100,
      nextMessagesLockInMs: 5_000,
      nextMessagesPollingIntervalInMs: 10,
    },
  };
}
