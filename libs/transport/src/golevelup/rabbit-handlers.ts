import { DbEventError } from '@dbem/db-event';
import {
  AmqpConnection,
  type MessageHandlerOptions,
  RABBIT_CONTEXT_TYPE_KEY,
  RABBIT_HANDLER,
  type RabbitHandlerConfig,
  RabbitRpcParamsFactory,
  resolveHandlerConfigs,
} from '@golevelup/nestjs-rabbitmq';
import { Injectable } from '@nestjs/common';
import {
  EXCEPTION_FILTERS_METADATA,
  GUARDS_METADATA,
  INTERCEPTORS_METADATA,
  ROUTE_ARGS_METADATA,
} from '@nestjs/common/constants';
import { DiscoveryService, ExternalContextCreator, MetadataScanner } from '@nestjs/core';
import { RPC_UNSUPPORTED } from './broker-amqp-connection';

type Instance = Record<string, (...args: unknown[]) => unknown>;
type Wrapper = ReturnType<DiscoveryService['getProviders']>[number];

/** Global guards, interceptors and filters are written for HTTP: they would receive a message instead of a request. */
const WITHOUT_ENHANCERS = { guards: false, interceptors: false, filters: false };

/** Finds the application's methods that have golevelup's decorators, and subscribes them on the connection. */
@Injectable()
export class RabbitHandlers {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly contexts: ExternalContextCreator,
    private readonly parameters: RabbitRpcParamsFactory,
    private readonly connection: AmqpConnection,
  ) {}

  /** @throws DbEventError CONFIGURATION_INVALID for a handler with unsupported options. */
  async register(): Promise<void> {
    const seen = new Set<unknown>();
    for (const wrapper of [...this.discovery.getProviders(), ...this.discovery.getControllers()]) {
      const { instance } = wrapper;
      // Aliases provide the same object twice.
      if (typeof instance !== 'object' || instance === null || seen.has(instance)) continue;
      seen.add(instance);
      for (const method of this.scanner.getAllMethodNames(Object.getPrototypeOf(instance))) {
        const config: RabbitHandlerConfig | undefined = Reflect.getMetadata(RABBIT_HANDLER, instance[method]);
        if (config !== undefined) await this.registerMethod(wrapper, method, config);
      }
    }
  }

  private async registerMethod(wrapper: Wrapper, method: string, config: RabbitHandlerConfig): Promise<void> {
    const { name: connectionName, handlers, defaultHandler } = this.connection.configuration;
    if (config.connection !== undefined && config.connection !== connectionName) return;
    const instance: Instance = wrapper.instance;
    const handlerName = `${instance.constructor.name}.${method}`;
    verifySupported(wrapper, method, config, handlerName);
    const key = config.name || defaultHandler;
    if (key && !Object.hasOwn(handlers, key)) {
      throw new DbEventError(
        'CONFIGURATION_INVALID',
        `${handlerName}: no handler "${key}" in GolevelupModule's option \`handlers\``,
      );
    }
    for (const own of resolveHandlerConfigs(handlers, key)) {
      const options: MessageHandlerOptions = { ...config, ...own };
      await this.connection.createSubscriber(this.handlerOf(instance, method), options, handlerName);
    }
  }

  /** Applies golevelup's parameter decorators and their pipes. */
  private handlerOf(instance: Instance, method: string) {
    return this.contexts.create(
      instance,
      instance[method] as Instance[string],
      method,
      ROUTE_ARGS_METADATA,
      this.parameters,
      undefined,
      undefined,
      WITHOUT_ENHANCERS,
      RABBIT_CONTEXT_TYPE_KEY,
    );
  }
}

function verifySupported(wrapper: Wrapper, method: string, config: RabbitHandlerConfig, handlerName: string): void {
  const { instance } = wrapper;
  const enhancers = [GUARDS_METADATA, INTERCEPTORS_METADATA, EXCEPTION_FILTERS_METADATA];
  const has = (key: string) => [instance.constructor, instance[method]].some((part) => Reflect.hasMetadata(key, part));
  const invalid = (reason: string) => new DbEventError('CONFIGURATION_INVALID', `${handlerName}: ${reason}`);
  if (config.type !== 'subscribe') throw invalid(RPC_UNSUPPORTED);
  if (wrapper.isTransient || !wrapper.isDependencyTreeStatic()) {
    throw invalid('a handler must not be request-scoped or transient');
  }
  if (enhancers.some(has)) throw invalid('guards, interceptors and exception filters are not applied to broadcasts');
}
