import { Module } from '@nestjs/common';
import { UserReplica } from './user.replica';
import { UsersController } from './users.controller';
import { UsersRepository } from './users.repository';

@Module({ controllers: [UsersController], providers: [UserReplica, UsersRepository] })
export class UsersModule {}
