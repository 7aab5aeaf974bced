import { DbEventError } from '@dbem/db-event';
import type { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { type ApplyMany, type ApplyOne, eachOneByOne, type ReplicaHandler } from './replica-handler';
import { HANDLER_ROLE, type HandlerRole, REPLICATES, type ReplicatesOptions } from './replicates.decorator';

type Method = ApplyOne<unknown> & ApplyMany<unknown>;

/**
 * The handlers among an application's providers.
 *
 * @throws DbEventError CONFIGURATION_INVALID for a class that lacks a method, or has two for the same.
 */
export function discoverHandlers(discovery: DiscoveryService, scanner: MetadataScanner): ReplicaHandler[] {
  return discovery.getProviders().flatMap(({ metatype, instance }) => {
    const options: ReplicatesOptions | undefined = metatype ? Reflect.getMetadata(REPLICATES, metatype) : undefined;
    return options === undefined ? [] : [handlerOf(options, instance, scanner)];
  });
}

function handlerOf(
  { publisher, codec, projection, backfill }: ReplicatesOptions,
  instance: object,
  scanner: MetadataScanner,
): ReplicaHandler {
  const methods = methodsByRole(instance, scanner);
  return {
    publisher,
    codec,
    projection,
    backfill,
    upsert: oneOf(instance, methods, 'upsert', 'upsertMany'),
    remove: oneOf(instance, methods, 'remove', 'removeMany'),
  };
}

function methodsByRole(instance: object, scanner: MetadataScanner): Map<HandlerRole, Method> {
  const methods = new Map<HandlerRole, Method>();
  const prototype = Object.getPrototypeOf(instance) as Record<string, Method>;
  for (const name of scanner.getAllMethodNames(prototype)) {
    const method = prototype[name] as Method;
    const role: HandlerRole | undefined = Reflect.getMetadata(HANDLER_ROLE, method);
    if (role === undefined) continue;
    if (methods.has(role)) misused(instance, `two methods for ${role}`);
    methods.set(role, method.bind(instance) as Method);
  }
  return methods;
}

function oneOf(
  instance: object,
  methods: ReadonlyMap<HandlerRole, Method>,
  one: HandlerRole,
  many: HandlerRole,
): ApplyMany<unknown> {
  const applyOne = methods.get(one);
  const applyMany = methods.get(many);
  if (applyOne !== undefined && applyMany !== undefined)
    return misused(instance, `methods for both ${one} and ${many}`);
  if (applyMany !== undefined) return applyMany;
  if (applyOne !== undefined) return eachOneByOne(applyOne);
  return misused(instance, `no method for ${one} or ${many}`);
}

function misused(instance: object, fault: string): never {
  const name = instance.constructor.name;
  throw new DbEventError('CONFIGURATION_INVALID', `${name} is marked @Replicates, but has ${fault}`);
}
