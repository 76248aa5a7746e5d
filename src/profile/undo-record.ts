// What post must know to put everything back: written to the state before the first effect, and beside the session,
// so that the next run on the same machine can do it for a job that died. Pure; holds paths and names, never a secret.

export interface UndoRecord {
  version: 1;
  sessionId: string;
  jobId: string;
  configFile: string;
  profile: string;
  /** Line end that was added to the user's unfinished last line, or empty. */
  glue: string;
  configCreated: boolean;
  /** Directories that were made for the session, outermost first. */
  directoriesCreated: string[];
  /** Whether a session directory of that name was there before and has been moved aside. */
  sessionMoved: boolean;
  /** Variables exported to later steps: the value given, and the one before (null: there was none). */
  exported: Record<string, { value: string; before: string | null }>;
  /** False when the author asked to leave everything in place. */
  cleanup: boolean;
}

/** @returns the record, or undefined if the text is none of ours */
export function parseUndoRecord(text: string): UndoRecord | undefined {
  try {
    const record = JSON.parse(text) as Partial<UndoRecord> | null;
    const paths = [record?.sessionId, record?.jobId, record?.configFile, record?.profile, record?.glue];
    const isWhole =
      record?.version === 1 &&
      paths.every((value) => typeof value === 'string') &&
      Array.isArray(record.directoriesCreated) &&
      typeof record.exported === 'object';
    return isWhole ? (record as UndoRecord) : undefined;
  } catch {
    return undefined;
  }
}
