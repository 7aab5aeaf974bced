export { QueueNames } from './queue-names.port';
export { RoutingModule } from './routing.module';
export { type Destination, type Route, RoutingService } from './routing.service';
