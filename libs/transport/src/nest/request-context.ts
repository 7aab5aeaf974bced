import { BaseRpcContext } from '@nestjs/microservices';
import type { Delivery } from '../broker.port';
import type { RequestRole } from '../requests/request-wire';

/** What a handler, a filter or an interceptor may know of a request besides its params. */
export class RequestContext extends BaseRpcContext<[delivery: Delivery, role: RequestRole, method: string]> {
  get delivery(): Delivery {
    return this.args[0];
  }

  get role(): RequestRole {
    return this.args[1];
  }

  get method(): string {
    return this.args[2];
  }
}
