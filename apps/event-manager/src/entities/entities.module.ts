import { RequestClientModule } from '@dbem/transport';
import { Module } from '@nestjs/common';
import { ParkedModule } from '../parked/parked.module';
import { EntitiesController } from './entities.controller';
import { EntityService } from './entity.service';
import { HeldController } from './held.controller';

@Module({
  imports: [ParkedModule, RequestClientModule],
  controllers: [EntitiesController, HeldController],
  providers: [EntityService],
})
export class EntitiesModule {}
