import { Module } from '@nestjs/common';
import { DefaultProjects } from './default-projects';
import { ProjectsController } from './projects.controller';
import { ProjectsService } from './projects.service';

@Module({
  controllers: [ProjectsController],
  providers: [ProjectsService, DefaultProjects],
  exports: [DefaultProjects],
})
export class ProjectsModule {}
