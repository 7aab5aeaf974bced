import { LOG, type Log } from '@dbem/platform';
import { SubscriptionRegistry } from '@dbem/subscription-registry';
import { Module, type OnModuleDestroy } from '@nestjs/common';
import { StatusModule } from '../status/status.module';
import { StatusLine } from '../status/status-line';
import { Tail } from './tail';

@Module({
  imports: [StatusModule],
  providers: [
    {
      provide: Tail,
      inject: [StatusLine, SubscriptionRegistry, LOG],
      useFactory: (line: StatusLine, registry: SubscriptionRegistry, log: Log) =>
        new Tail(line, () => registry.selfId, log),
    },
  ],
  exports: [Tail],
})
export class TailModule implements OnModuleDestroy {
  constructor(private readonly tail: Tail) {}

  onModuleDestroy(): void {
    this.tail.stop();
  }
}
