/** A user's JSON message; its version is the number of its change. */
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
