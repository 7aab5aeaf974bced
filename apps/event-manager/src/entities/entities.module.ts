import { Module } from '@nestjs/common';
import { ParkedModule } from '../parked/parked.module';
import { RpcModule } from '../rpc/rpc.module';
import { EntityService } from './entity.service';

@Module({ imports: [ParkedModule, RpcModule], providers: [EntityService], exports: [EntityService] })
export class EntitiesModule {}
