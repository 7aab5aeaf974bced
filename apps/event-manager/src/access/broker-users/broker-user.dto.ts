import type { DeepReadonly } from '@dbem/runtime';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsOptional } from 'class-validator';
import { z } from 'zod';

export class PutBrokerUserDto {
  @ApiPropertyOptional({ description: 'Give a user that exists a new password. Default: false.', default: false })
  @IsOptional()
  @IsBoolean()
  rotate?: boolean;

  @ApiPropertyOptional({
    description:
      'An old service, which declares the event exchange and its own queue itself, and so needs more rights. Default: false.',
    default: false,
  })
  @IsOptional()
  @IsBoolean()
  declaresItself?: boolean;
}

export const BrokerUserDto = z
  .object({
    name: z.string().meta({ example: 'sharing' }),
    password: z
      .string()
      .optional()
      .describe('Shown once, when it was drawn. Left out: the user was there and keeps its own.'),
  })
  .meta({ id: 'BrokerUserDto' });

export type BrokerUserDto = DeepReadonly<z.infer<typeof BrokerUserDto>>;
