// Validates SARIF as GitHub's upload action does: by the schema of OASIS, with the same validator.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Schema, Validator } from 'jsonschema';

const file = path.join(import.meta.dirname, 'sarif-schema-2.1.0.json');
const SCHEMA = JSON.parse(readFileSync(file, 'utf8')) as Schema;

/** What is wrong with a SARIF file. */
export function sarifFaults(text: string): string[] {
  const { errors } = new Validator().validate(JSON.parse(text), SCHEMA);
  return errors.map(({ stack }) => stack);
}
