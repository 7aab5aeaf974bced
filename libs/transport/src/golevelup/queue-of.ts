import { DbEventError } from '@dbem/db-event';
import { MessageHandlerErrorBehavior, type MessageHandlerOptions } from '@golevelup/nestjs-rabbitmq';
import type { Binding, QueueDeclaration } from '../broker.port';
import { rejectUnsupported } from './reject-unsupported';

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
 * @param handler for error messages.
 * @throws DbEventError CONFIGURATION_INVALID for unsupported options.
 */
export function queueOf(options: MessageHandlerOptions, name: string, handler: string): QueueDeclaration {
  const { exchange, routingKey = '', bindings = [], queueOptions = {}, errorBehavior } = options;
  rejectUnsupported(handler, options, SUPPORTED);
  rejectUnsupported(`${handler}, queueOptions`, queueOptions, ['messageTtl', 'expires']);
  if (errorBehavior !== undefined && errorBehavior !== MessageHandlerErrorBehavior.ACK) {
    const reason = `${handler}: errorBehavior ${errorBehavior} is not supported: messages of failed handlers are acknowledged. Use ACK`;
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
