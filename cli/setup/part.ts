// What `setup` consists of: parts that read and plan, and steps that are shown and then applied in the order of the list.

import type { Secret } from '../../src/secret.ts';
import type { Scim } from '../domain/scim.ts';
import type { TerraformPart } from '../emit/terraform.ts';
import type { GitHub } from '../github/github.ts';
import type { Iam } from '../iam/iam.ts';
import type { PlannedAction } from './plan-types.ts';
import type { Selection } from './selection.ts';
import type { Snapshot } from './snapshot.ts';

export interface SetupContext {
  scim: Scim;
  /** Undefined with a bearer token, which IAM does not accept. */
  iam: Iam | undefined;
  github: GitHub;
  /** Region of the administrator's profile. */
  profileRegion: string | undefined;
  selection: Selection;
}

/** A part of the set-up, for example the side of AWS. */
export interface Part {
  /** Reads what exists, and returns what would be done. Sends no request that changes anything. */
  plan(context: SetupContext, snapshot: Snapshot): Promise<Step[]>;
  /** Inputs of the action that a job needs besides those that every set-up has. */
  inputs?: Readonly<Record<string, string>>;
  /** The same as Terraform. */
  terraform?(context: SetupContext, snapshot: Snapshot): Promise<TerraformPart>;
  /** After everything was applied: reads again, and reports each check as the doctor does. */
  verify?(context: SetupContext, snapshot: Snapshot): Promise<Check[]>;
}

export interface Step {
  action: PlannedAction;
  /** Absent for an action that changes nothing. */
  apply?: (run: Run) => Promise<void>;
  /** Asked for before anything is applied, also with `--yes`: for settings of the whole domain. */
  confirmation?: { question: string; expected: string };
}

export interface Check {
  name: string;
  verdict: 'ok' | 'warning' | 'failure';
  text: string;
}

/** What the steps of one run share. Ids and names of objects that a former step found or created. */
export interface Made {
  appId?: string;
  /** Undefined before the domain returns it and after GitHub has stored it. */
  clientSecret?: Secret;
  clientId?: string;
  userId?: string;
  groupId?: string;
}

export interface Run extends SetupContext {
  made: Made;
  /** After a change: shows one line, and writes it into the journal. Never a secret. */
  report(line: string): void;
  /** Writes a copy of an object beside the journal, mode 0600. @returns its path */
  saveCopy(name: string, content: unknown): string;
  /** Repeats for at most 120 s while the error is about a reference to an object that the service does not know yet. @param name of the object */
  untilKnown<T>(attempt: () => Promise<T>, name?: string): Promise<T>;
}
