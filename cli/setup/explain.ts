// What `setup` assumes about services that nobody here could try, and what happens when an assumption is wrong.

interface Assumption {
  assumed: string;
  otherwise: string;
}

const ASSUMPTIONS: readonly Assumption[] = [
  {
    assumed: 'A PATCH with `add` appends to the rules and clients of a trust',
    otherwise:
      'If it is refused, the whole lists are replaced. If it loses or moves entries, they are written back; exit 4',
  },
  {
    assumed: 'A domain has one trust for an issuer, and a second one is refused',
    otherwise: 'The trust is looked up by its issuer first, so a second one is never requested',
  },
  {
    assumed: 'A client secret is returned when the application is created, and never again',
    otherwise: 'If it was not returned, a new one is made. If it is returned again, nothing changes',
  },
  {
    assumed: 'The limit of two applications in a Free domain counts confidential ones',
    otherwise: 'The plan only warns; the domain decides',
  },
  {
    assumed:
      'The administrator is an Identity Domain Administrator: only that role is known to manage trusts',
    otherwise: 'A refusal names the request. Everything before it is kept, and the next run continues',
  },
  {
    assumed: 'If-Match is honoured on trusts: a change by somebody else in between is refused with 412',
    otherwise:
      'Entries that were read before the change and are lost after it are written back. One that was added in between can be lost',
  },
  {
    assumed: 'A trust has room for one more rule of this length',
    otherwise: 'The domain refuses the change, and the trust stays as it was',
  },
  {
    assumed: 'The client ID is chosen by the domain',
    otherwise: 'Nothing changes: it is read from the response',
  },
  {
    assumed: 'Statements bind to the name of a group at the time of evaluation',
    otherwise: 'If a group is deleted and created again, its statement must be written again',
  },
  {
    assumed: "GitHub's PUT of an environment resets rules that it does not name",
    otherwise: 'Only an environment that does not exist is created; others are never changed',
  },
  {
    assumed: '`externalId` is accepted on service users',
    otherwise: 'The user is created without it, and found by its tag',
  },
  {
    assumed: 'A new object may be unknown to other parts of the service for two minutes',
    otherwise: 'Requests that name it are repeated for 120 seconds, and only for this error',
  },
  {
    assumed: 'A PATCH with `add` appends to the allowed scopes of an application',
    otherwise: 'The scopes are read back, and the set-up stops before it changes AWS; exit 4',
  },
  {
    assumed: 'An audience exists only once in a domain',
    otherwise: 'Nothing changes: the second application is a client of the first resource server',
  },
  {
    assumed:
      'The discovery document names the issuer of the settings, a few minutes after a change at the latest',
    otherwise:
      'The provider in AWS is created only when the document names it; exit 4, and the next run continues',
  },
  {
    assumed: 'Nobody else changes the trust policy of a role at the same moment: AWS has no ETag',
    otherwise:
      'What somebody else added at that moment can be lost. The journal has a copy of the policy before the change',
  },
  {
    assumed: 'With `--client-auth instance-principal`, a domain accepts a trust without `oauthClients`',
    otherwise: 'The domain refuses the trust, and nothing admits the jobs. Use a client secret',
  },
  {
    assumed: 'A matching rule of a dynamic group matches instances of the compartments that it names',
    otherwise:
      'If it matches only those of the compartment that contains the domain, the exchange is refused. Create the domain there',
  },
  {
    assumed: 'A trust may be left without a rule and without a client (`remove`)',
    otherwise: 'The last client stays in the trust; its application is deleted',
  },
];

export function explainText(): string {
  const lines = ASSUMPTIONS.map(
    ({ assumed, otherwise }, index) => `${String(index + 1).padStart(2)}. ${assumed}.\n    ${otherwise}.`,
  );
  return [
    'What setup assumes about the services (first line), and what happens if that is wrong (second line):',
    ...lines,
  ].join('\n');
}
