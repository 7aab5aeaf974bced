import { ParkedEvents } from '@dbem/transport';
import { Module } from '@nestjs/common';
import { RpcModule } from '../rpc/rpc.module';
import { ParkedController } from './parked.controller';
import { ParkedService } from './parked.service';
import { Rehearsals } from './rehearsals';
import { Standings } from './standings';

@Module({
  imports: [RpcModule],
  controllers: [ParkedController],
  providers: [ParkedEvents, Standings, Rehearsals, ParkedService],
  exports: [ParkedService],
})
export class ParkedModule {}
