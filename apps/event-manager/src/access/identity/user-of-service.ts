/** A broker user that acts for a service with another name. */
export interface UserOfService {
  readonly user: string;
  readonly service: string;
}
