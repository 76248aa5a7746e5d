// Settings of the Container Registry (OCIR), and what public sources do not say about its tokens.
export interface OcirSettings {
  /** What IAM's policies allow: push and pull, pull, nothing. */
  ocirAccess: 'manage' | 'read' | 'none';
  ocirTokenLifetimeSeconds: number;
  /** Overrides members of the response that has the token; undefined removes one. The SDKs also read `access_token`. */
  ocirTokenMembers: Readonly<Record<string, unknown>>;
  /** Whether a token for certain repositories is accepted as the password of BEARER_TOKEN. Unknown for OCIR. */
  ocirAcceptsScopedPassword: boolean;
  /** Whether a resource session gets a token. Unknown for OCIR. */
  ocirAcceptsRpst: boolean;
  /** The http URL of a real registry that gets all requests below `/v2/`. Without it, no repository exists. */
  registryUrl: string | undefined;
}

export function ocirDefaults(): OcirSettings {
  return {
    ocirAccess: 'manage',
    // As in the only public response: containers/podman issue 20371.
    ocirTokenLifetimeSeconds: 3600,
    ocirTokenMembers: {},
    ocirAcceptsScopedPassword: false,
    ocirAcceptsRpst: false,
    registryUrl: undefined,
  };
}
