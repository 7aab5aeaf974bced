/** A tenant, as registry sees it. */
export interface GatewayTable {
  gateway_id: string;
  name: string;
  domain: string | null;
  email_address: string | null;
  approval_status: string;
}

export interface UserTable {
  gateway_id: string;
  user_id: string;
  first_name: string;
  last_name: string;
  email: string | null;
}

/** `owner` is a user id of the gateway, without `@<gateway>`. */
export interface ProjectTable {
  project_id: string;
  gateway_id: string;
  owner: string;
  name: string;
  description: string | null;
  /** ms since 1970. */
  created_ms: string;
}

export interface RegistryTables {
  gateway: GatewayTable;
  registry_user: UserTable;
  project: ProjectTable;
}
