/** A broker user that is not named like the service that it speaks for. */
export interface UserOfService {
  readonly user: string;
  readonly service: string;
}
