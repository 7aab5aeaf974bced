import { ParkedEvents, RequestClientModule } from '@dbem/transport';
import { Module } from '@nestjs/common';
import { ParkedController } from './parked.controller';
import { ParkedService } from './parked.service';
import { Rehearsals } from './rehearsals';
import { Standings } from './standings';

@Module({
  imports: [RequestClientModule],
  controllers: [ParkedController],
  providers: [ParkedEvents, Standings, Rehearsals, ParkedService],
  exports: [ParkedService],
})
export class ParkedModule {}
