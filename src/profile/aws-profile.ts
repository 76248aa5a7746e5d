// The profile of a role in AWS's two shared files: where its sections stand and what they say. Pure.
import path from 'node:path';
import { Secret } from '../secret.ts';
import { encode } from './config-text.ts';
import { type Owner, type Place, renderMarker } from './place.ts';

/** @see Configuration and credential file settings (AWS CLI User Guide); both variables move a file for all SDKs */
export function awsFiles(
  home: string,
  env: (name: string) => string | undefined,
): { config: string; credentials: string } {
  return {
    config: absolute(env('AWS_CONFIG_FILE')) ?? path.join(home, '.aws/config'),
    credentials: absolute(env('AWS_SHARED_CREDENTIALS_FILE')) ?? path.join(home, '.aws/credentials'),
  };
}

function absolute(file: string | undefined): string | undefined {
  return file !== undefined && path.isAbsolute(file) ? path.normalize(file) : undefined;
}

/** In `config` a section is called `profile NAME`, but for `default`; in `credentials` it is the bare name. */
export function awsPlace(kind: 'config' | 'credentials', file: string, profile: string): Place {
  const isPrefixed = kind === 'config' && profile !== 'default';
  return {
    file,
    section: isPrefixed ? `profile ${profile}` : profile,
    store: path.join(path.dirname(file), '.oci-wif-action'),
    name: `${kind}.${profile}`,
    directory: null,
    telltale: null,
  };
}

/** A section with its marker. Values come from AWS or from checked inputs; none can hold a line break. */
export function renderAwsSection(
  { section }: Place,
  owner: Owner,
  settings: Readonly<Record<string, string | Secret>>,
  lineEnd: string,
): string {
  const lines = Object.entries(settings).map(
    ([key, value]) => `${key} = ${value instanceof Secret ? value.reveal() : value}`,
  );
  return encode([`[${section}]`, renderMarker(owner), ...lines].map((line) => line + lineEnd).join(''));
}
