import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiServiceUnavailableResponse } from '@nestjs/swagger';

/** For OpenAPI: these requests wait for the write that a replication token names. The replica library's interceptor does it. */
export const ReadsYourWrites = () =>
  applyDecorators(
    ApiHeader({
      name: 'X-Replication-Token',
      required: false,
      description: 'The token of a write, at whatever service: the answer shows that write or a later one.',
    }),
    ApiHeader({
      name: 'X-Replication-Wait-Ms',
      required: false,
      description: 'How long to wait for it. Default: 5000; at most 30000.',
    }),
    ApiServiceUnavailableResponse({
      description: 'REPLICA_BEHIND: the replica has not got the write within that time.',
    }),
  );
