/* The entity of EntityType PROJECT. */

struct Project {
  1: required string projectID = "DO_NOT_SET_AT_CLIENTS"
  2: required string owner
  3: required string gatewayId
  4: required string name
  5: optional string description
  6: optional i64 creationTime
  7: optional list<string> sharedUsers
  8: optional list<string> sharedGroups
}
