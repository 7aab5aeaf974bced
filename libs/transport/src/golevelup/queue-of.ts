import { DbEventError } from '@dbem/db-event';
import { MessageHandlerErrorBehavior, type MessageHandlerOptions } from '@golevelup/nestjs-rabbitmq';
import type { Binding, QueueDeclaration } from '../broker.port';
import { refuseOthers } from './refuse-others';

const SUPPORTED = [
  'type',
  'name',
  'connection',
  'queue',
  'exchange',
  'routingKey',
  'bindings',
  'queueOptions',
  'deserializer',
  'allowNonJsonMessages',
  'errorBehavior',
];

/**
 * The queue that a handler's options describe: durable and classic.
 *
 * @param handler for the message of an error.
 * @throws DbEventError CONFIGURATION_INVALID for what can't be had here.
 */
export function queueOf(options: MessageHandlerOptions, name: string, handler: string): QueueDeclaration {
  const { exchange, routingKey = '', bindings = [], queueOptions = {}, errorBehavior } = options;
  refuseOthers(handler, options, SUPPORTED);
  refuseOthers(`${handler}, queueOptions`, queueOptions, ['messageTtl', 'expires']);
  if (errorBehavior !== undefined && errorBehavior !== MessageHandlerErrorBehavior.ACK) {
    const reason = `${handler}: a message whose handler fails is acknowledged, errorBehavior ${errorBehavior} is not supported`;
    throw new DbEventError('CONFIGURATION_INVALID', reason);
  }
  const keys = [routingKey].flat();
  const all: Binding[] = [...(exchange ? keys.map((key) => ({ exchange, routingKey: key })) : []), ...bindings];
  const { messageTtl, expires } = queueOptions;
  return {
    name,
    kind: 'classic',
    bindings: all,
    ...(messageTtl !== undefined && { messageTtlMs: messageTtl }),
    ...(expires !== undefined && { expiresMs: expires }),
  };
}
