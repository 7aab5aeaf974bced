/* The entity of EntityType TENANT. */

enum GatewayApprovalStatus {
  REQUESTED = 0,
  APPROVED = 1,
  ACTIVE = 2,
  DEACTIVATED = 3,
  CANCELLED = 4,
  DENIED = 5,
  CREATED = 6,
  DEPLOYED = 7
}

struct Gateway {
  1: optional string airavataInternalGatewayId
  2: required string gatewayId
  3: required GatewayApprovalStatus gatewayApprovalStatus
  4: optional string gatewayName
  5: optional string domain
  6: optional string emailAddress
  7: optional string gatewayAcronym
  8: optional string gatewayURL
  9: optional string gatewayPublicAbstract
  10: optional string reviewProposalDescription
  11: optional string gatewayAdminFirstName
  12: optional string gatewayAdminLastName
  13: optional string gatewayAdminEmail
  14: optional string identityServerUserName
  15: optional string identityServerPasswordToken
  16: optional string declinedReason
  17: optional string oauthClientId
  18: optional string oauthClientSecret
  19: optional i64 requestCreationTime
  20: optional string requesterUsername
}
