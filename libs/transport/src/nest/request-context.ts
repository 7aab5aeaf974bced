import { BaseRpcContext } from '@nestjs/microservices';
import type { Delivery } from '../broker.port';
import type { RequestRole } from '../requests/request-wire';

/** The role that answers a request: a service as publisher or replica, or the event manager. */
export type AnsweringRole = RequestRole | 'manager';

/** What handlers, filters and interceptors can read of a request besides its params. */
export class RequestContext extends BaseRpcContext<[delivery: Delivery, role: AnsweringRole, method: string]> {
  get delivery(): Delivery {
    return this.args[0];
  }

  get role(): AnsweringRole {
    return this.args[1];
  }

  get method(): string {
    return this.args[2];
  }
}
