import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiServiceUnavailableResponse } from '@nestjs/swagger';

/**
 * OpenAPI documentation of requests that wait for a replication token. `ReadYourWritesInterceptor` implements the wait.
 */
export const ReadsYourWrites = () =>
  applyDecorators(
    ApiHeader({
      name: 'X-Replication-Token',
      required: false,
      description: 'Replication token of a write to any service: the response includes that write or a later one.',
    }),
    ApiHeader({
      name: 'X-Replication-Wait-Ms',
      required: false,
      description: 'Maximum time to wait for that write. Default: 5000; maximum: 30000.',
    }),
    ApiServiceUnavailableResponse({
      description: 'REPLICA_BEHIND: the replica did not receive the write within that time.',
    }),
  );
