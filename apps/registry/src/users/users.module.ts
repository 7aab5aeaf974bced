import { Module } from '@nestjs/common';
import { ProjectsModule } from '../projects/projects.module';
import { UserReplica } from './user.replica';
import { UsersController } from './users.controller';
import { UsersRepository } from './users.repository';

@Module({
  imports: [ProjectsModule],
  controllers: [UsersController],
  providers: [UserReplica, UsersRepository],
})
export class UsersModule {}
