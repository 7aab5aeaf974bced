import { DbEventError } from '@dbem/db-event';
import type { DiscoveryService, MetadataScanner } from '@nestjs/core';
import type { InstanceWrapper } from '@nestjs/core/injector/instance-wrapper';
import { type ApplyMany, type ApplyOne, eachOneByOne, type ReplicaHandler } from './replica-handler';
import { HANDLER_ROLE, type HandlerRole, REPLICATES, type ReplicatesOptions } from './replicates.decorator';

type Method = ApplyOne<unknown> & ApplyMany<unknown>;

/**
 * The handlers among an application's providers, which need not be instantiated yet.
 *
 * @throws DbEventError CONFIGURATION_INVALID for a class that lacks a method, or has two methods for the same changes.
 */
export function discoverHandlers(discovery: DiscoveryService, scanner: MetadataScanner): ReplicaHandler[] {
  return discovery.getProviders().flatMap((provider) => {
    const { metatype } = provider;
    const options: ReplicatesOptions | undefined = metatype ? Reflect.getMetadata(REPLICATES, metatype) : undefined;
    return options === undefined ? [] : [handlerOf(options, provider, scanner)];
  });
}

function handlerOf(
  { publisher, codec, projection, backfill }: ReplicatesOptions,
  provider: InstanceWrapper,
  scanner: MetadataScanner,
): ReplicaHandler {
  const methods = methodsByRole(provider, scanner);
  return {
    publisher,
    codec,
    projection,
    backfill,
    upsert: oneOf(provider, methods, 'upsert', 'upsertMany'),
    remove: oneOf(provider, methods, 'remove', 'removeMany'),
  };
}

function methodsByRole(provider: InstanceWrapper, scanner: MetadataScanner): Map<HandlerRole, Method> {
  const methods = new Map<HandlerRole, Method>();
  const prototype: Record<string, Method> = provider.metatype?.prototype;
  for (const name of scanner.getAllMethodNames(prototype)) {
    const method = prototype[name] as Method;
    const role: HandlerRole | undefined = Reflect.getMetadata(HANDLER_ROLE, method);
    if (role === undefined) continue;
    if (methods.has(role)) misused(provider, `two methods for ${role}`);
    const call: ApplyMany<unknown> = (...args) => method.apply(provider.instance, args);
    methods.set(role, call as Method);
  }
  return methods;
}

function oneOf(
  provider: InstanceWrapper,
  methods: ReadonlyMap<HandlerRole, Method>,
  one: HandlerRole,
  many: HandlerRole,
): ApplyMany<unknown> {
  const applyOne = methods.get(one);
  const applyMany = methods.get(many);
  if (applyOne !== undefined && applyMany !== undefined) {
    return misused(provider, `methods for both ${one} and ${many}`);
  }
  if (applyMany !== undefined) return applyMany;
  if (applyOne !== undefined) return eachOneByOne(applyOne);
  return misused(provider, `no method for ${one} or ${many}`);
}

function misused({ name }: InstanceWrapper, fault: string): never {
  throw new DbEventError('CONFIGURATION_INVALID', `${name} is marked @Replicates, but has ${fault}`);
}
