import type { GatewayApprovalStatus, UserState } from '@dbem/entity-codec';

/** Times are ms since 1970; bigint columns come as strings. */
export interface UserTable {
  user_id: string;
  gateway_id: string;
  first_name: string;
  last_name: string;
  emails: string[];
  middle_name: string | null;
  name_prefix: string | null;
  name_suffix: string | null;
  orcid_id: string | null;
  phones: string[] | null;
  country: string | null;
  nationality: string[] | null;
  home_organization: string | null;
  origination_affiliation: string | null;
  state: UserState;
  comments: string | null;
  labeled_uri: string[] | null;
  gpg_key: string | null;
  time_zone: string | null;
  created_ms: string;
  last_access_ms: string;
  valid_until_ms: string;
}

export interface TenantTable {
  gateway_id: string;
  approval_status: GatewayApprovalStatus;
  gateway_name: string | null;
  domain: string | null;
  email_address: string | null;
  acronym: string | null;
  url: string | null;
  public_abstract: string | null;
  admin_first_name: string | null;
  admin_last_name: string | null;
  admin_email: string | null;
  requester_username: string | null;
  requested_ms: string;
}

export interface ProfileTables {
  profile_user: UserTable;
  tenant: TenantTable;
}
