import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { blankPasswords, membersOf } from '../../../src/profiles/json-members.ts';
import type { DockerObject } from '../../../src/profiles/section-target.ts';
import { runs } from './arbitraries.ts';

const HOST = 'fra.ocir.io';
const OTHER = 'ocir.eu-frankfurt-1.oci.oraclecloud.com';
const owner = { loginId: 'a1', jobId: '0b' };

interface Added {
  text: string;
  absent: readonly string[];
}

function add(text: string, object: DockerObject, host: string, value: string): Added {
  const format = membersOf(object);
  const absent = format.absentObjects(text, host);
  return { text: format.append(text, format.render(host, owner, [value], text)).text, absent };
}

function remove({ text, absent }: Added, object: DockerObject, host: string): string {
  const format = membersOf(object);
  const [found] = format.find(text, host);
  return format.removeObjects(found ? format.remove(text, found, '') : text, absent);
}

const HELPER = '"oci-wif-a1"';

describe('a member of an object', () => {
  it.each([
    ['', `{\n\t"credHelpers": {\n\t\t"${HOST}": ${HELPER}\n\t}\n}`],
    ['{}', `{"credHelpers": {"${HOST}": ${HELPER}}}`],
    ['{"auths":{}}', `{"auths":{},"credHelpers": {"${HOST}": ${HELPER}}}`],
    ['{\n\t"a": 1\n}\n', `{\n\t"a": 1,\n\t"credHelpers": {\n\t\t"${HOST}": ${HELPER}\n\t}\n}\n`],
    ['{\r\n  "a": 1\r\n}', `{\r\n  "a": 1,\r\n  "credHelpers": {\r\n    "${HOST}": ${HELPER}\r\n  }\r\n}`],
    ['{"credHelpers": {\n  "x": "y"\n}}', `{"credHelpers": {\n  "x": "y",\n  "${HOST}": ${HELPER}\n}}`],
    ['{"CREDHELPERS": { }}', `{"CREDHELPERS": {"${HOST}": ${HELPER} }}`],
    ['{"a":"}\\"{,:"}', `{"a":"}\\"{,:","credHelpers": {"${HOST}": ${HELPER}}}`],
  ])('is added to %j in its style, and removed without a trace', (text, expected) => {
    const added = add(text, 'credHelpers', HOST, HELPER);
    expect(added.text).toBe(expected);
    expect(remove(added, 'credHelpers', HOST)).toBe(text);
  });

  it('is found by its decoded name, with the login that wrote it', () => {
    const format = membersOf('credHelpers');
    const text = '{"credHelpers":{"fra\\u002eocir.io" : "oci-wif-0123"}}';
    const [found] = format.find(text, HOST);
    expect(found?.text).toBe('"fra\\u002eocir.io" : "oci-wif-0123"');
    expect(format.writerOf(found?.text ?? '')).toBe('0123');
    expect(format.writerOf('"x": "pass"')).toBeUndefined();
  });

  it('replaces a member in its place', () => {
    const format = membersOf('credHelpers');
    const text = `{"credHelpers":{"${HOST}": "pass", "x": "y"}}`;
    const [found] = format.find(text, HOST);
    const block = format.render(HOST, owner, [HELPER], text);
    const replaced = format.replace(text, found ?? { name: '', start: 0, end: 0, text: '' }, block).text;
    expect(replaced).toBe(`{"credHelpers":{"${HOST}": ${HELPER}, "x": "y"}}`);
  });

  it('is removed together with the empty entry that docker login adds, and with what that needs', () => {
    const added = add('{"a": 1}', 'credHelpers', HOST, HELPER);
    const rewritten = `{\n\t"auths": {\n\t\t"${HOST}": {}\n\t},\n\t"a": 1,\n\t"credHelpers": {\n\t\t"${HOST}": ${HELPER}\n\t}\n}`;
    expect(remove({ ...added, text: rewritten }, 'credHelpers', HOST)).toBe('{\n\t"a": 1\n}');
  });

  it('is removed without the empty entry of the user', () => {
    const text = `{"auths": {"${HOST}": {}}, "credHelpers": {}}`;
    expect(remove(add(text, 'credHelpers', HOST, HELPER), 'credHelpers', HOST)).toBe(text);
  });
});

const space = fc.constantFrom('', ' ', '\n', '\n\t', '\r\n  ', '\n    ');
const plain = fc.json({ maxDepth: 2 });

/** A JSON text of an object with these members, in some style. */
function textOf(members: readonly (readonly [name: string, value: string])[], before: string, after: string) {
  const list = members.map(([name, value]) => `${before}${JSON.stringify(name)}:${before}${value}`);
  return `{${list.join(',')}${after}}`;
}

const config = fc
  .tuple(
    fc.dictionary(fc.string(), plain, { maxKeys: 3 }),
    fc.subarray(['credHelpers', 'auths']),
    space,
    space,
  )
  .chain(([others, containers, before, after]) =>
    fc.tuple(...containers.map(() => fc.dictionary(fc.string(), plain, { maxKeys: 2 }))).map((contents) => {
      const inner = containers.map(
        (name, index) => [name, textOf(Object.entries(contents[index] ?? {}), before, after)] as const,
      );
      const rest = Object.entries(others).filter(([name]) => !/^(credhelpers|auths)$/i.test(name));
      return Buffer.from(textOf([...rest, ...inner], before, after)).toString('latin1');
    }),
  );

describe('any valid file', () => {
  it('is as before when members are removed in any order', () => {
    const steps = [
      ['credHelpers', HOST],
      ['credHelpers', OTHER],
      ['auths', HOST],
    ] as const;
    const order = fc.shuffledSubarray([0, 1, 2], { minLength: 3 });
    fc.assert(
      fc.property(fc.oneof(config, fc.constant('')), order, (text, removals) => {
        fc.pre(steps.every(([object, host]) => membersOf(object).find(text, host).length === 0));
        let added: Added = { text, absent: [] };
        for (const [object, host] of steps) {
          const next = add(added.text, object, host, object === 'auths' ? '{"auth":"YWJj"}' : HELPER);
          added = { text: next.text, absent: [...added.absent, ...next.absent] };
          expect(membersOf(object).faultOf(added.text)).toBeUndefined();
          expect(membersOf(object).find(added.text, host)).toHaveLength(1);
        }
        for (const index of removals) {
          const [object, host] = steps[index] ?? steps[0];
          added = { ...added, text: remove(added, object, host) };
        }
        expect(added.text).toBe(text);
      }),
      runs(300),
    );
  });
});

describe('faultOf', () => {
  it.each([
    ['{"a": 1,}', 'is not valid JSON (line 1)'],
    ['{\n  // note\n}', 'is not valid JSON (line 2)'],
    ['{"a": "b', 'is not valid JSON (line 1)'],
    ['[]', 'is not a JSON object'],
    ['null', 'is not a JSON object'],
    ['\xef\xbb\xbf{}', 'begins with a byte order mark, which Docker does not accept'],
    ['{"auths": null}', 'has no object in auths'],
    ['{"credHelpers": []}', 'has no object in credHelpers'],
    ['{"auths": {}, "Auths": {}}', 'has "auths" twice'],
    [`{"credHelpers": {"x": "a", "x": "b"}}`, 'has "x" twice'],
    ['{\0}\0', 'is not valid JSON (line 1)'],
  ])('says why %j cannot be edited', (text, fault) => {
    expect(membersOf('credHelpers').faultOf(text)).toBe(fault);
    expect(membersOf('credHelpers').find(text, HOST)).toEqual([]);
  });

  it.each(['', ' \n', '{}', '{"a": {"auths": 1, "auths": 2}}'])('accepts %j', (text) => {
    expect(membersOf('auths').faultOf(text)).toBeUndefined();
  });

  it('never quotes the text, which can have a password', () => {
    expect(membersOf('auths').faultOf('{"auths": {"x": {"auth": "c2VjcmV0" "y"}}}')).not.toContain('c2V');
  });
});

describe('blankPasswords', () => {
  const password = 'QkVBUkVSX1RPS0VOOmFiY2RlZmdoaWprbG1ub3A=';
  const text = `{"auths": {"x": {"auth": "${password}"}, "y": {"auth": "${password.replace('Q', 'R')}"`;

  it('leaves what identifies a password, also in a broken text', () => {
    const tail = password.slice(-16);
    const blanked = blankPasswords(text, (member) => member.includes(tail));
    expect(blanked).toHaveLength(text.length);
    expect(blanked).toContain(`"${' '.repeat(password.length - 16)}${tail}"`);
    expect(blankPasswords(blanked, () => true)).toBe(blanked);
  });

  it('changes no other password', () => {
    expect(blankPasswords(text, () => false)).toBe(text);
  });

  it('keeps the setting by which the login finds its entry', () => {
    const { uniqueSettingOf } = membersOf('auths');
    const [member] = membersOf('auths').find(`${text}}}}`, 'x');
    const blanked = blankPasswords(member?.text ?? '', () => true);
    expect(uniqueSettingOf(blanked)).toEqual(uniqueSettingOf(member?.text ?? ''));
  });
});
