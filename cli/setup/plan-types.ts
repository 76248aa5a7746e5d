// What a plan consists of. `setup` and `remove` print and apply the same form.

export type Operation = 'create' | 'append' | 'change' | 'keep' | 'warn' | 'refuse' | 'remove';

export interface PlannedAction {
  system: 'domain' | 'iam' | 'github' | 'aws';
  /** `app`, `user`, `group`, `policy`, `trust`, `environment`, `secret`, `provider`, `role` … */
  object: string;
  /** The name by which people know it. */
  name: string;
  op: Operation;
  /** The rest of the line in the plan: what changes, or why not. */
  text: string;
  /** Lines below it: the words of a statement, what else changes. */
  details?: readonly string[];
  before?: unknown;
  after?: unknown;
}

export interface Plan {
  version: 1;
  /** What the plan is about, for people: the domain, the repository. */
  header: readonly string[];
  actions: readonly PlannedAction[];
}
