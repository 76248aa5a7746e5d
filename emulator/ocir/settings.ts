// Settings of the Container Registry (OCIR), and what public sources do not say about its tokens.
export interface OcirSettings {
  /** What IAM's policies allow: push and pull, pull, nothing. */
  ocirAccess: 'manage' | 'read' | 'none';
  ocirTokenLifetimeSeconds: number;
  /** Overrides members of the response with a token; undefined removes one. The SDKs know `access_token`, too. */
  ocirTokenMembers: Readonly<Record<string, unknown>>;
  /** Whether a token for certain repositories is accepted as the password of BEARER_TOKEN: unknown. */
  ocirAcceptsScopedPassword: boolean;
  /** Whether a resource session gets a token: unknown. */
  ocirAcceptsRpst: boolean;
  /** Where a registry listens, with an http URL, that gets all calls of `/v2/`. Without it there are no repositories. */
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
