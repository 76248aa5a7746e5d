import type { EditedText, Section } from './ini-text.ts';
import type { Owner } from './section-target.ts';

/**
 * How a file contains sections: an INI file, or a JSON text in which a section is a member of an object. Pure; texts have
 * one character per byte.
 */
export interface TextFormat {
  /** Why the text cannot be edited, as the predicate of a sentence about the file; undefined if it can. */
  faultOf(text: string): string | undefined;
  /** All sections that at least one client reads under this name. None in a text with a fault. */
  find(text: string, name: string): Section[];
  /** A section as text, in the style of the file. */
  render(name: string, owner: Owner, lines: readonly string[], text: string): string;
  /** The login that wrote a section, by a mark in it. */
  writerOf(sectionText: string): string | undefined;
  settingsIn(sectionText: string): (readonly [key: string, value: string])[];
  /** The setting whose value no other section has. */
  uniqueSettingOf(sectionText: string): readonly [key: string, value: string] | undefined;
  append(text: string, block: string): EditedText;
  replace(text: string, section: Section, block: string): EditedText;
  remove(text: string, section: Section, addedNewline: string): string;
  /** JSON Pointers of the objects that a section of this name needs, or that its client adds, and that do not exist. */
  absentObjects(text: string, name: string): string[];
  /** Removes those of these objects that are empty. */
  removeObjects(text: string, pointers: readonly string[]): string;
}
