import { Module } from '@nestjs/common';
import { RpcModule } from '../rpc/rpc.module';
import { ParkedService } from './parked.service';
import { Standings } from './standings';

@Module({ imports: [RpcModule], providers: [Standings, ParkedService], exports: [ParkedService] })
export class ParkedModule {}
