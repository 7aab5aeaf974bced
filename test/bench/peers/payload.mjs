/** What a JSON message holds of a user; the number of its change is its version. */
export function payloadOf(user, version) {
  return {
    version,
    userId: user.userId,
    gatewayId: user.gatewayId,
    firstName: user.firstName,
    lastName: user.lastName,
    emails: user.emails,
    country: user.country,
    homeOrganization: user.homeOrganization,
    state: user.state,
    comments: user.comments,
  };
}
