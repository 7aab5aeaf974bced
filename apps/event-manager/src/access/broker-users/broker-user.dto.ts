import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsOptional } from 'class-validator';

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

export class BrokerUserDto {
  @ApiProperty({ example: 'sharing' })
  name!: string;

  @ApiPropertyOptional({
    description: 'Shown once, when it was drawn. Left out: the user was there and keeps its own.',
  })
  password?: string;
}
