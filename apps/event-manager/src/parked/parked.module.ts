import { ParkedEvents, RequestClientModule } from '@dbem/transport';
import { Module } from '@nestjs/common';
import { DryRuns } from './dry-runs';
import { ParkedController } from './parked.controller';
import { ParkedService } from './parked.service';
import { ParkedRelevances } from './parked-relevances';

@Module({
  imports: [RequestClientModule],
  controllers: [ParkedController],
  providers: [ParkedEvents, ParkedRelevances, DryRuns, ParkedService],
  exports: [ParkedService],
})
export class ParkedModule {}
