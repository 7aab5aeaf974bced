import { Injectable } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { discoverHandlers } from './discover-handlers';
import { HandlerTable } from './handler-table';

/** The handlers among the application's providers. */
@Injectable()
export class RegisteredHandlers {
  private found: HandlerTable | undefined;

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  /** From `onModuleInit` on: until then not all providers are there. @throws DbEventError CONFIGURATION_INVALID */
  get table(): HandlerTable {
    this.found ??= new HandlerTable(discoverHandlers(this.discovery, this.scanner));
    return this.found;
  }
}
