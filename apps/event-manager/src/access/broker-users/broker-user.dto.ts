import type { DeepReadonly } from '@dbem/runtime';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsOptional } from 'class-validator';
import { z } from 'zod';

export class PutBrokerUserDto {
  @ApiPropertyOptional({ description: 'Set a new password if the user exists. Default: false.', default: false })
  @IsOptional()
  @IsBoolean()
  rotate?: boolean;

  @ApiPropertyOptional({
    description:
      'For a legacy service, which declares the event exchange and its queue itself and so needs more rights. Default: false.',
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
      .describe('Returned once, when it is generated. Absent: the user existed and keeps its password.'),
  })
  .meta({ id: 'BrokerUserDto' });

export type BrokerUserDto = DeepReadonly<z.infer<typeof BrokerUserDto>>;
