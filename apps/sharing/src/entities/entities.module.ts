import { Module } from '@nestjs/common';
import { EntitiesController } from './entities.controller';
import { EntitiesRepository } from './entities.repository';
import { ProjectReplica } from './project.replica';

@Module({ controllers: [EntitiesController], providers: [ProjectReplica, EntitiesRepository] })
export class EntitiesModule {}
