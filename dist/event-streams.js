// aws-stubs:event-streams
throw new Error("AWS STS has no event streams");
