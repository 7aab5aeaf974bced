import { RequestClientModule } from '@dbem/transport';
import { Module } from '@nestjs/common';
import { ParkedModule } from '../parked/parked.module';
import { DeferredEventController } from './deferred-event.controller';
import { EntitiesController } from './entities.controller';
import { EntityService } from './entity.service';

@Module({
  imports: [ParkedModule, RequestClientModule],
  controllers: [EntitiesController, DeferredEventController],
  providers: [EntityService],
})
export class EntitiesModule {}
